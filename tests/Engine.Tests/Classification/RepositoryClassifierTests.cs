using Bots.Engine.Classification;
using Bots.Engine.Forges;

namespace Bots.Engine.Tests.Classification;

public class RepositoryClassifierTests
{
    private static readonly KnownRepository[] Known =
    [
        new() { Name = RepositoryName.Parse("acme/calculator"), Description = "Adds and subtracts invoices", Aliases = ["calc"] },
        new() { Name = RepositoryName.Parse("acme/website"), Description = "Marketing pages", Channels = ["#web", "C042"] },
        new() { Name = RepositoryName.Parse("other/website-tools"), Description = "Deployment helpers" },
    ];

    [Theory]
    [InlineData("repo:acme/calculator fix it", "acme/calculator")]
    [InlineData("look at https://github.com/acme/website/pull/7 please", "acme/website")]
    [InlineData("clone https://github.com/Acme/Website.git", "acme/website")]
    [InlineData("in acme/calculator, fix the test", "acme/calculator")]
    [InlineData("the failing test in calculator", "acme/calculator")]
    [InlineData("calc is broken", "acme/calculator")]
    [InlineData("change other/website-tools", "other/website-tools")]
    [InlineData("subtracts the wrong invoices", "acme/calculator")]
    public void A_message_that_names_one_repository_finds_it(string text, string expected) =>
        Classify(text).ShouldBeOfType<RepositoryMatch.Found>().Repository.ToString().ShouldBe(expected, StringCompareShould.IgnoreCase);

    [Theory]
    [InlineData("web")]
    [InlineData("C042")]
    public void A_channel_that_is_bound_decides_when_the_message_does_not(string channel) =>
        Classify("fix it", channel).ShouldBeOfType<RepositoryMatch.Found>().Repository.ToString().ShouldBe("acme/website");

    [Fact]
    public void What_is_named_outranks_the_channel() =>
        Classify("fix repo:acme/calculator", "web").ShouldBeOfType<RepositoryMatch.Found>().Repository.Name.ShouldBe("calculator");

    [Theory]
    [InlineData("fix it")]
    [InlineData("what is in src/Engine?")]
    [InlineData("see https://example.com/docs/intro")]
    public void Anything_else_is_asked(string text) => Classify(text).ShouldBeOfType<RepositoryMatch.Ambiguous>().Candidates.Count.ShouldBe(3);

    [Fact]
    public void The_likeliest_candidate_comes_first() =>
        Classify("website and calculator and invoices subtracts").ShouldBeOfType<RepositoryMatch.Found>().Repository.Name.ShouldBe("calculator");

    [Fact]
    public void A_repository_written_out_that_is_not_known_is_said() =>
        Classify("repo:secret/place go").ShouldBeOfType<RepositoryMatch.NotKnown>().Repository.ToString().ShouldBe("secret/place");

    [Fact]
    public void The_only_repository_is_meant() =>
        RepositoryClassifier.Classify("fix it", [], [Known[0]]).ShouldBeOfType<RepositoryMatch.Found>().Repository.Name.ShouldBe("calculator");

    private static RepositoryMatch Classify(string text, params string[] channels) => RepositoryClassifier.Classify(text, channels, Known);
}
