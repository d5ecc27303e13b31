using System.Text.RegularExpressions;
using Bots.Slack.Rendering;
using Bots.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Bots.Tests.Slack;

/// <summary>What holds for whatever an agent writes.</summary>
public sealed partial class MrkdwnPropertiesTests
{
    private static readonly Gen<string> Bits = Gen.Elements(
        "word ", "another ", "\n", "\n\n", "```\n", "```js\n", "`code` ", "~~~\n", "**bold** ", "_it_ ", "- item\n", "1. one\n", "> quote\n", "# Title\n", "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "[label](https://e.example/x) ", "<https://e.example/y> ", "<!channel> ", "<@U0ANA00000> ", "<!subteam^S1> ", "&amp; ", "& ", "< ", "> ", "*", "_", "~", "`", "😀", "\u202e", "\t", "    indented\n", "<div>", "\r\n",
        new string('x', 500), new string('y', 3500), string.Concat(Enumerable.Repeat("a & b < c\n", 80)));

    private static readonly Gen<string> Markdown = Bits.ListOf().Select(bits => string.Concat(bits));

    private static readonly Gen<(string Text, int Limit)> Long =
        from text in Markdown from limit in Gen.Choose(60, 3000) select (MarkdownToMrkdwn.Convert(text), limit);

    [Fact]
    public void It_calls_nobody() => Markdown.Hold(text => !Call().IsMatch(MarkdownToMrkdwn.Convert(text)), times: 500);

    [Fact]
    public void What_has_a_meaning_of_its_own_is_escaped() => Markdown.Hold(text => !Bare().IsMatch(MarkdownToMrkdwn.Convert(text)), times: 500);

    [Fact]
    public void Every_piece_fits_and_none_is_blank() => Long.Hold(
        c => MrkdwnSplitter.Split(c.Text, c.Limit).All(piece => piece.Length <= c.Limit && !string.IsNullOrWhiteSpace(piece)), times: 500);

    [Fact]
    public void Every_piece_closes_the_code_it_opens() => Long.Hold(
        c => MrkdwnSplitter.Split(c.Text, c.Limit).All(piece => piece.Split('\n').Count(line => line == "```") % 2 == 0), times: 500);

    [Fact]
    public void No_piece_ends_within_a_character_or_an_escape() => Long.Hold(
        c => MrkdwnSplitter.Split(c.Text, c.Limit).All(piece => !char.IsHighSurrogate(piece[^1]) && !char.IsLowSurrogate(piece[0]) && !Bare().IsMatch(piece)), times: 500);

    [Fact]
    public void Nothing_is_lost_and_nothing_comes_twice() => Long.Hold(
        c => Words(string.Join('\n', MrkdwnSplitter.Split(c.Text, c.Limit))) == Words(c.Text), times: 500);

    /// <summary>The text without what splitting may add or take away: blanks between pieces, and the marks of code blocks.</summary>
    private static string Words(string text) => string.Concat(text.Split('\n').Where(line => line != "```").SelectMany(line => line.Where(c => !char.IsWhiteSpace(c))));

    [GeneratedRegex("<[!@#]")]
    private static partial Regex Call();

    /// <summary>An ampersand that begins no escape, or a bracket that begins no link.</summary>
    [GeneratedRegex("&(?!amp;|lt;|gt;)|<(?!https?://[^<>|]+(\\|[^<>]*)?>|mailto:)")]
    private static partial Regex Bare();
}
