using Bots.Configuration;

namespace Bots.Tests.Configuration;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abc", "ab", 1)]
    [InlineData("abc", "xabc", 1)]
    [InlineData("abc", "axc", 1)]
    [InlineData("abc", "", 3)]
    [InlineData("secert", "secret", 1)]
    public void A_swap_counts_like_any_other_slip(string left, string right, int distance)
    {
        Spelling.Distance(left, right).ShouldBe(distance);
        Spelling.Distance(right, left).ShouldBe(distance);
    }

    [Theory]
    [InlineData("SigningSecert", "SigningSecret")]
    [InlineData("signing_secret", "SigningSecret")]
    [InlineData("bottoken", "BotToken")]
    [InlineData("Url", "ApiUrl")]
    [InlineData("en", null)]
    [InlineData("Password", null)]
    public void Only_what_is_close_was_meant(string word, string? meant) =>
        Spelling.Nearest(word, ["BotToken", "SigningSecret", "ApiUrl"]).ShouldBe(meant);
}
