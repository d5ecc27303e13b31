namespace Bots.Tests.Configuration;

public sealed class NetworkOptionsCheckTests
{
    [Fact]
    public void Lists_that_can_be_read_are_taken() => Configured.Problems(
        ("Network:Allow:0", "npm"), ("Network:Allow:1", "*.example.com:8443"), ("Network:Deny:0", "pastebin.com"), ("Network:AllowPrivate:0", "10.1.0.0/16"), ("Network:AllowPrivate:1", "fd00:1::/32"))
        .ShouldBeEmpty();

    [Fact]
    public void Each_entry_that_cannot_be_read_is_named_with_its_mend()
    {
        var problems = Configured.Problems(("Network:Allow:0", "npn"), ("Network:Allow:1", "https://example.com"), ("Network:Deny:0", "*"), ("Network:AllowPrivate:0", "10.1.0.0/33"));

        problems.Select(problem => problem.Split(" → ")[0]).Order(StringComparer.Ordinal).ShouldBe(
        [
            "Network:Allow:1: 'https://example.com' is neither a host nor a preset",
            "Network:AllowPrivate:0: '10.1.0.0/33' is no network",
            "Network:Deny:0: '*' is neither a host nor a preset",
        ]);
        problems[0].ShouldContain("Presets: crates, debian, go, maven, npm, nuget, pypi.");
    }
}
