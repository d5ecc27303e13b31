using Bots.Slack.Rendering;

namespace Bots.Tests.Slack;

public sealed class MrkdwnSplitterTests
{
    [Fact]
    public void What_fits_stays_whole() => MrkdwnSplitter.Split("a\n\nb", 10).ShouldBe(["a\n\nb"]);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n \n")]
    public void Nothing_gives_no_piece(string text) => MrkdwnSplitter.Split(text, 100).ShouldBeEmpty();

    [Fact]
    public void Lines_stay_whole_where_they_can() => MrkdwnSplitter.Split("aaaa bbbb\ncccc dddd\neeee", 22).ShouldBe(["aaaa bbbb\ncccc dddd", "eeee"]);

    [Fact]
    public void A_code_block_is_closed_and_opened_again()
    {
        var code = string.Join('\n', Enumerable.Range(0, 200).Select(i => $"line {i}"));
        var pieces = MrkdwnSplitter.Split($"before\n```\n{code}\n```\nafter", 400);
        pieces.Count.ShouldBeGreaterThan(3);
        pieces.ShouldAllBe(p => p.Length <= 400 && p.Split('\n', StringSplitOptions.None).Count(l => l == "```") == 2);
        string.Join('\n', pieces.SelectMany(p => p.Split('\n')).Where(l => l.StartsWith("line", StringComparison.Ordinal))).ShouldBe(code);
        pieces[^1].ShouldEndWith("```\nafter");
    }

    [Fact]
    public void No_link_escape_or_pair_is_cut()
    {
        var text = string.Concat(Enumerable.Repeat("<https://a.example/some/path|a label with words>&amp;😀", 40));
        var pieces = MrkdwnSplitter.Split(text, 103);
        string.Concat(pieces).ShouldBe(text);
        foreach (var piece in pieces)
        {
            piece.Length.ShouldBeLessThanOrEqualTo(103);
            BlockKit.ShouldMentionOnlyPeople(piece);
            char.IsLowSurrogate(piece[0]).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_long_line_is_cut_between_words_and_loses_nothing()
    {
        var text = string.Join(' ', Enumerable.Range(0, 400));
        var pieces = MrkdwnSplitter.Split(text, 120);
        string.Concat(pieces).ShouldBe(text);
        pieces.SkipLast(1).ShouldAllBe(p => p.EndsWith(' '));
    }
}
