using Bots.Engine.Sessions;
using Bots.Surfaces;

namespace Bots.Tests.Surfaces;

public sealed class WordingTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(3600, "1 h")]
    [InlineData(3900, "1 h 5 min")]
    [InlineData(360000, "100 h")]
    public void Durations_are_short(int seconds, string text) => Wording.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Theory]
    [InlineData(9, "0 s")]
    [InlineData(19, "10 s")]
    [InlineData(149, "2 min")]
    [InlineData(159, "2 min 30 s")]
    [InlineData(659, "10 min")]
    public void Elapsed_time_goes_in_steps(int seconds, string text) => Wording.Elapsed(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Theory]
    [InlineData(29, "0 s")]
    [InlineData(119, "1 min 30 s")]
    [InlineData(659, "10 min")]
    public void A_surface_may_ask_for_longer_steps(int seconds, string text) => Wording.Elapsed(TimeSpan.FromSeconds(seconds), leastStep: 30).ShouldBe(text);

    [Theory]
    [InlineData(1, "1 token")]
    [InlineData(950, "950 tokens")]
    [InlineData(12_345, "12.3k tokens")]
    [InlineData(999_960, "1M tokens")]
    [InlineData(1_234_567, "1.2M tokens")]
    public void Tokens_are_rounded(long count, string text) => Wording.Tokens(count).ShouldBe(text);

    [Fact]
    public void Money_and_changes_read_well()
    {
        Wording.Money(0).ShouldBe("$0.00");
        Wording.Money(0.004m).ShouldBe("under $0.01");
        Wording.Money(1.239m).ShouldBe("$1.24");
        Wording.Changes(new DiffSummary(1, 0, 1)).ShouldBe("+1 −0 in 1 file");
    }

    [Fact]
    public void A_diff_of_far_apart_changes_leaves_out_what_is_between()
    {
        var before = string.Join('\n', Enumerable.Range(0, 30));
        var after = before.Replace("\n3\n", "\nthree\n", StringComparison.Ordinal).Replace("\n25\n", "\n", StringComparison.Ordinal);
        LineDiff.Of(new FileDiff("f", before, after)).ShouldBe(["⋯", " 1", " 2", "-3", "+three", " 4", " 5", "⋯", " 23", " 24", "-25", " 26", " 27"]);
        LineDiff.Of(new FileDiff("f", "same\n", "same")).ShouldBeEmpty();
        LineDiff.Of(new FileDiff("f", "a\nb", "")).ShouldBe(["-a", "-b"]);
    }

    [Fact]
    public void A_cut_splits_no_character() => VisibleText.Shorten("ab😀cd", 4).ShouldBe("ab…");

    [Fact]
    public void One_line_says_what_white_space_pushed_out_of_it()
    {
        VisibleText.OneLine(" a\n\t b ", 3).ShouldBe("a b");
        VisibleText.OneLine("rm" + new string(' ', 100) + "-rf /", 10).ShouldBe("rm …");
    }

    [Fact]
    public void Visible_text_leaves_ordinary_characters_alone() => VisibleText.Of("a\tb\nü 😀 日本\r\n").ShouldBe("a\tb\nü 😀 日本\n");
}
