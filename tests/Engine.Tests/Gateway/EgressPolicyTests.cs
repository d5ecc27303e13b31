using Bots.Engine.Gateway;
using Bots.Engine.Permissions;

namespace Bots.Engine.Tests.Gateway;

public sealed class EgressPolicyTests
{
    [Theory]
    [InlineData("example.com", "example.com:443", PolicyVerdict.Allow)]
    [InlineData("example.com", "example.com:80", PolicyVerdict.Allow)]
    [InlineData("example.com", "example.com:8080", PolicyVerdict.Ask)]
    [InlineData("example.com", "sub.example.com:443", PolicyVerdict.Ask)]
    [InlineData("example.com", "notexample.com:443", PolicyVerdict.Ask)]
    [InlineData("example.com", "example.com.evil.net:443", PolicyVerdict.Ask)]
    [InlineData(" Example.COM. ", "example.com:443", PolicyVerdict.Allow)]
    [InlineData("example.com:8443", "example.com:8443", PolicyVerdict.Allow)]
    [InlineData("example.com:8443", "example.com:443", PolicyVerdict.Ask)]
    [InlineData("example.com:*", "example.com:22", PolicyVerdict.Allow)]
    [InlineData("*.example.com", "a.example.com:443", PolicyVerdict.Allow)]
    [InlineData("*.example.com", "a.b.example.com:443", PolicyVerdict.Allow)]
    [InlineData("*.example.com", "example.com:443", PolicyVerdict.Ask)]
    [InlineData("*.example.com", "evilexample.com:443", PolicyVerdict.Ask)]
    [InlineData("*.example.com:22", "a.example.com:22", PolicyVerdict.Allow)]
    [InlineData("*.example.com:22", "a.example.com:443", PolicyVerdict.Ask)]
    [InlineData("93.184.216.34", "93.184.216.34:443", PolicyVerdict.Allow)]
    [InlineData("[2606:4700::1111]:443", "[2606:4700:0::1111]:443", PolicyVerdict.Allow)]
    [InlineData("npm", "registry.npmjs.org:443", PolicyVerdict.Allow)]
    [InlineData("NPM", "registry.npmjs.org:443", PolicyVerdict.Allow)]
    [InlineData("npm", "registry.npmjs.org:80", PolicyVerdict.Ask)]
    [InlineData("npm", "npm:443", PolicyVerdict.Ask)]
    [InlineData("debian", "deb.debian.org:80", PolicyVerdict.Allow)]
    [InlineData("*.com", "example.com:443", PolicyVerdict.Ask)]
    [InlineData("*", "example.com:443", PolicyVerdict.Ask)]
    [InlineData("http://example.com", "example.com:80", PolicyVerdict.Ask)]
    public void A_repositorys_list_allows_just_what_it_names(string entry, string target, PolicyVerdict verdict)
    {
        Decide(target, new NetworkOptions(), entry).Verdict.ShouldBe(verdict);
        Decide(target, new NetworkOptions { Allow = [entry] }).Verdict.ShouldBe(verdict);
    }

    [Theory]
    [InlineData("example.com", "example.com:443")]
    [InlineData("example.com", "example.com:8080")]
    [InlineData("*.example.com", "a.example.com:22")]
    [InlineData("example.com:22", "example.com:22")]
    [InlineData("npm", "registry.npmjs.org:443")]
    public void What_the_organisation_denies_nobody_allows(string denied, string target) =>
        Decide(target, new NetworkOptions { Deny = [denied], Allow = [target] }, target).Verdict.ShouldBe(PolicyVerdict.Deny);

    [Fact]
    public void A_denied_port_leaves_the_others() =>
        Decide("example.com:443", new NetworkOptions { Deny = ["example.com:22"] }).Verdict.ShouldBe(PolicyVerdict.Ask);

    [Theory]
    [InlineData("localhost:80")]
    [InlineData("anything.localhost:443")]
    public void Names_of_this_machine_are_denied_even_where_they_are_listed(string target) =>
        Decide(target, new NetworkOptions { Allow = [target] }, target).Verdict.ShouldBe(PolicyVerdict.Deny);

    [Fact]
    public void An_answer_names_its_rule()
    {
        Decide("example.com:443", new NetworkOptions(), "example.com").Rule.ShouldBe("the repository's network list has example.com");
        Decide("example.com:443", new NetworkOptions { Allow = ["*.net", "example.com"] }).Rule.ShouldBe("Network:Allow has example.com");
        Decide("example.com:443", new NetworkOptions { Deny = ["example.com"] }).Rule.ShouldBe("Network:Deny has example.com");
        Decide("example.com:443", new NetworkOptions()).Rule.ShouldBe("not on the allow-list");
    }

    [Fact]
    public void The_presets_are_those_that_are_promised() =>
        EgressPresets.Names.Order().ShouldBe(["crates", "debian", "go", "maven", "npm", "nuget", "pypi"]);

    [Theory]
    [InlineData("npm", null)]
    [InlineData("example.com:443", null)]
    [InlineData("npmm:x", "The port is a number from 1 to 65535, or *.")]
    [InlineData("https://example.com/", "Leave out the scheme and the path")]
    [InlineData("bücher.example", "xn--")]
    [InlineData("*.com", "two parts")]
    [InlineData("*.10.0.0.1", "two parts")]
    [InlineData("*", "Write host, host:port or *.host.")]
    [InlineData("127.1", "Write host, host:port or *.host.")]
    public void An_entry_that_cannot_be_read_says_why(string entry, string? problem)
    {
        if (problem is null) EgressPolicy.Problem(entry).ShouldBeNull();
        else EgressPolicy.Problem(entry).ShouldNotBeNull().ShouldContain(problem);
    }

    private static PolicyAnswer Decide(string target, NetworkOptions options, params string[] repository) =>
        EgressPolicy.Decide(EgressTarget.TryParse(target, null, out var parsed, out var problem) ? parsed : throw new FormatException(problem), options, repository);
}
