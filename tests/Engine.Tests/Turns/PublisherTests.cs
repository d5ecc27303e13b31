using System.Text;
using Bots.Engine.Turns;

namespace Bots.Engine.Tests.Turns;

public sealed class PublisherTests
{
    [Theory]
    [InlineData("fix it", "Fix it")]
    [InlineData("\n\n  fix it  \nbecause it fails", "Fix it")]
    [InlineData("", "Changes by the bot")]
    [InlineData(" \n ", "Changes by the bot")]
    [InlineData("élan", "Élan")]
    [InlineData("exactly seventy-two characters are still a whole title and not cut aways", "Exactly seventy-two characters are still a whole title and not cut aways")]
    [InlineData("a title that goes on and on and on and on and on and on and on and on and further", "A title that goes on and on and on and on and on and on and on and on…")]
    public void The_first_line_of_the_request_is_the_title(string text, string expected) => Publisher.Title(text).ShouldBe(expected);

    [Theory]
    [InlineData("x")]
    [InlineData("😀")]
    [InlineData("x😀")]
    public void A_title_without_a_space_is_cut_where_a_character_ends(string unit)
    {
        var title = Publisher.Title(string.Concat(Enumerable.Repeat(unit, 100)));

        title.Length.ShouldBeInRange(60, 72);
        title.ShouldEndWith("…");
        Should.NotThrow(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(title));
    }

    [Theory]
    [InlineData("", 0, 0, 0)]
    [InlineData("12\t3\ta.js\n-\t-\tlogo.png\n0\t7\t\"with space\"", 12, 10, 3)]
    [InlineData("1\t2\t{old => new}/a.js", 1, 2, 1)]
    [InlineData("1\t1\ta\tb.js", 1, 1, 1)]
    [InlineData("warning: something\n5\t0\ta.js", 5, 0, 1)]
    public void A_diff_is_summed_up_from_numstat(string numstat, int added, int removed, int files) =>
        Checkout.Summary(numstat.Split('\n')).ShouldBe(new(added, removed, files));
}
