using Bots.Surfaces;
using Markdig;
using Markdig.Syntax;

namespace Bots.Tests.Surfaces;

public sealed class MarkdownSplitterTests
{
    private const int Limit = 400;

    [Fact]
    public void What_fits_stays_whole() => MarkdownSplitter.Split("one\n\ntwo\n", Limit).ShouldBe(["one\n\ntwo"]);

    [Fact]
    public void Nothing_is_no_piece() => MarkdownSplitter.Split(" \n\n", Limit).ShouldBeEmpty();

    [Fact]
    public void Text_is_divided_between_paragraphs()
    {
        var paragraph = string.Join('\n', Enumerable.Repeat("some words of a paragraph", 5));
        var pieces = MarkdownSplitter.Split(string.Join("\n\n", Enumerable.Repeat(paragraph, 6)), Limit);

        pieces.ShouldBe([$"{paragraph}\n\n{paragraph}\n\n{paragraph}", $"{paragraph}\n\n{paragraph}\n\n{paragraph}"]);
    }

    [Theory]
    [InlineData("```js", "```")]
    [InlineData("~~~~ diff", "~~~~")]
    [InlineData("  ```", "  ```")]
    public void A_code_block_is_closed_and_opened_again(string open, string close)
    {
        var code = Enumerable.Range(1, 100).Select(n => $"line {n} of the code").ToList();
        var pieces = MarkdownSplitter.Split($"Before.\n\n{open}\n{string.Join('\n', code)}\n{close}\n\nAfter.", Limit);

        pieces.Count.ShouldBeGreaterThan(5);
        pieces.ShouldAllBe(p => p.Length <= Limit);
        pieces.SelectMany(Code).ShouldBe(code);
        pieces[^1].ShouldEndWith("After.");
        foreach (var piece in pieces) Markdown.Parse(piece).Descendants<FencedCodeBlock>().ShouldAllBe(b => b.ClosingFencedCharCount > 0 && b.Info == open.Trim().TrimStart('`', '~').Trim());
    }

    [Fact]
    public void A_fence_inside_a_longer_one_closes_nothing()
    {
        var text = "````md\n```js\n" + string.Join('\n', Enumerable.Repeat("some code in the example", 40)) + "\n```\n````\n\nAfter.";
        var pieces = MarkdownSplitter.Split(text, Limit);

        foreach (var piece in pieces) Markdown.Parse(piece).Descendants<FencedCodeBlock>().ShouldAllBe(b => b.ClosingFencedCharCount == 4);
        pieces[^1].ShouldEndWith("````\n\nAfter.");
    }

    [Fact]
    public void A_line_without_end_is_cut_and_no_character_is_halved()
    {
        var pieces = MarkdownSplitter.Split("x" + string.Concat(Enumerable.Repeat("😀", 1_000)), Limit);

        pieces.ShouldAllBe(p => p.Length <= Limit);
        string.Concat(pieces).Replace("\n", "").ShouldBe("x" + string.Concat(Enumerable.Repeat("😀", 1_000)));
        foreach (var piece in pieces) (char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1])).ShouldBeFalse();
    }

    [Fact]
    public void Whatever_is_split_no_piece_is_too_long_and_no_word_is_lost()
    {
        string[] lines = ["", "```", "```cs", "~~~", "a word and another", "* item", "    indented", new string('y', 150), "> quote", "  ```  "];
        var random = new Random(4711);
        for (var round = 0; round < 2_000; round++)
        {
            var text = string.Join('\n', Enumerable.Range(0, random.Next(60)).Select(_ => lines[random.Next(lines.Length)]));
            var pieces = MarkdownSplitter.Split(text, 200);

            pieces.ShouldAllBe(p => p.Length <= 200);
            Words(string.Join('\n', pieces)).ShouldBe(Words(text), text);
        }
    }

    private static IEnumerable<string> Code(string piece) => Markdown.Parse(piece).Descendants<FencedCodeBlock>()
        .SelectMany(b => b.Lines.ToString().Split('\n')).Where(l => l.Length > 0);

    private static string Words(string text) => string.Concat(text.Split('\n').Where(l => !l.Contains("```", StringComparison.Ordinal) && !l.Contains("~~~", StringComparison.Ordinal))).Replace(" ", "");
}
