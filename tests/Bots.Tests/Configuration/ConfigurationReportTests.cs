using Bots.Configuration;
using Bots.Gateway;
using Bots.GitHub;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Tests.Configuration;

public sealed class ConfigurationReportTests
{
    [Fact]
    public void The_defaults_are_sound()
    {
        using var services = Configured.Services();
        var output = new StringWriter();

        ConfigurationReport.IsSound(services, output).ShouldBeTrue();
        output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void Every_problem_is_told_at_once_and_readably()
    {
        using var services = Configured.Services(
            ("Slack:SigningSecert", "hunter2-secret"),
            ("Sandbox:IdleTimeout", "15 minutes"),
            ("Scheduler:MaxConcurrent", "0"),
            ("Models:Default", "claude"));
        var output = new StringWriter();

        ConfigurationReport.IsSound(services, output).ShouldBeFalse();

        output.ToString().ShouldBe("""
            Bots cannot start: 4 problems in its configuration.

              Models:Default           'claude' is not of the form provider/model
                                       → Write it like anthropic/claude-sonnet-4-5.
              Sandbox:IdleTimeout      '15 minutes' is not a duration such as 00:15:00
                                       → Mend it, or leave it out for 00:15:00.
              Scheduler:MaxConcurrent  0 is out of range
                                       → Choose between 1 and 10000.
              Slack:SigningSecert      unknown key
                                       → Did you mean Slack:SigningSecret?

            Keys stand in appsettings.json or in the environment (Slack__SigningSecret); appsettings.schema.json says what each means.

            """);
    }

    [Theory]
    [InlineData("Slack:Url", "x", "unknown key → Did you mean Slack:ApiUrl?")]
    [InlineData("Bots:Folder", "x", "unknown key → Remove it. Bots has: DataDirectory, PublicUrl.")]
    [InlineData("Sandbox:Limit:Memory", "1GiB", "unknown key → Did you mean Sandbox:Limits?")]
    [InlineData("Agents:Defualt", "codex", "unknown key → Did you mean Agents:Default?")]
    [InlineData("Agents:codex:Comand", "codex", "unknown key → Did you mean Agents:codex:Command?")]
    [InlineData("Models:Providers:openai", "sk-secret", "unknown key → It is a section: set Models:Providers:openai:BaseUrl or Models:Providers:openai:ApiKey or Models:Providers:openai:Kind.")]
    [InlineData("Repositories:Name", "acme/widgets", "unknown key → It is a list: number its entries, as in Repositories:0.")]
    public void A_key_nobody_knows_is_told_with_what_was_meant(string key, string value, string problem)
    {
        var at = key == "Sandbox:Limit:Memory" ? "Sandbox:Limit" : key;

        Configured.Problems((key, value)).ShouldBe([$"{at}: {problem}"]);
    }

    [Theory]
    [InlineData("slack:signingsecret", "s")]
    [InlineData("Logging:LogLevel:Default", "Debug")]
    [InlineData("PATH", "/usr/bin")]
    [InlineData("Slack", "an environment variable of somebody else")]
    [InlineData("Slack:AllowedTeams:0", "T1")]
    [InlineData("Agents:codex:Environment:ANYTHING", "1")]
    [InlineData("Slack:BotToken", "")]
    [InlineData("Bots:PublicUrl", "")]
    [InlineData("Sandbox:Limits:Cpus", "0.5")]
    public void What_is_right_or_not_ours_is_no_problem(string key, string value) => Configured.Problems((key, value)).ShouldBeEmpty();

    [Theory]
    [InlineData("Scheduler:MaxQueued", "many", "'many' is not a whole number → Mend it, or leave it out for 1000.")]
    [InlineData("Scheduler:MaxQueued", "", "an empty value is not a whole number → Mend it, or leave it out for 1000.")]
    [InlineData("Scheduler:MaxQueued", "1.5", "'1.5' is not a whole number → Mend it, or leave it out for 1000.")]
    [InlineData("Sandbox:Limits:Cpus", "two", "'two' is not a number → Mend it, or leave it out for 2.")]
    [InlineData("Sandbox:Limits:Cpus", "0", "0 is out of range → Choose between 0.1 and 1024.")]
    [InlineData("Sandbox:Limits:Memory", "4 gigs", "'4 gigs' is not a size such as 512MiB or 4GiB → Mend it, or leave it out for 4GiB.")]
    [InlineData("Sandbox:Limits:Memory", "1MiB", "1MiB is out of range → Choose between 128MiB and 4TiB.")]
    [InlineData("Sandbox:Limits:Duration", "00:00:10", "00:00:10 is out of range → Choose between 00:01:00 and 1.00:00:00.")]
    [InlineData("Sandbox:Provider", "chroot", "'chroot' is not one of bubblewrap, docker → Mend it, or leave it out for bubblewrap.")]
    [InlineData("Permissions:Timeout", "99:00:00", "'99:00:00' is not a duration such as 00:15:00 → Mend it, or leave it out for 00:30:00.")]
    [InlineData("Permissions:Timeout", "8.00:00:00", "8.00:00:00 is out of range → Choose between 00:00:05 and 7.00:00:00.")]
    [InlineData("Bots:PublicUrl", "bots.example.com", "'bots.example.com' is not an absolute http(s) address → Mend it, or leave it out.")]
    [InlineData("Bots:DataDirectory", "", "is not set → Set it.")]
    public void A_value_that_cannot_be_used_is_told_with_what_could(string key, string value, string problem) =>
        Configured.Problems((key, value)).ShouldBe([$"{key}: {problem}"]);

    [Fact]
    public void An_entry_that_lacks_what_it_needs_is_told() =>
        Configured.Problems(("Repositories:0:Name", "acme/widgets"), ("Repositories:1:Description", "no name"))
            .ShouldBe(["Repositories:1:Name: is not set → Set it, or remove the entry."]);

    [Fact]
    public void What_cannot_be_read_hides_nothing_else_and_is_told_once()
    {
        var configuration = Configured.With(
            ("Models:Providers:mine:Kind", "gemini"), ("Models:Prices:a/b:Input", "1"), ("Models:Default", "claude"),
            ("Scheduler:MaxQueued", "many"), ("Scheduler:MaxPerUser", "0"), ("GitHub:EditInterval", "soon"), ("GitHub:BotName", "not a login"));
        var services = new ServiceCollection().AddSingleton(configuration).AddConfiguration(configuration).AddGateway(configuration)
            .AddSingleton<IConfigurationCheck>(new GitHubOptionsCheck(configuration))
            .AddSingleton<IConfigurationCheck>(new FixedCheck(new ConfigurationProblem("Scheduler", "cannot be bound", "…")));
        using var provider = services.BuildServiceProvider();

        ConfigurationReport.Problems(provider).Select(problem => problem.Key).ShouldBe(
        [
            "GitHub:BotName", "GitHub:EditInterval", "Models:Default", "Models:Prices:a/b:Output", "Models:Providers:mine:BaseUrl",
            "Models:Providers:mine:Kind", "Scheduler:MaxPerUser", "Scheduler:MaxQueued",
        ]);
    }

    [Fact]
    public void A_secret_of_the_wrong_form_is_not_repeated()
    {
        var configuration = Configured.With(("Models:Providers:openai:ApiKey", "sk secret with\nspaces"));
        using var services = Configured.Services(configuration);
        var output = new StringWriter();

        ConfigurationReport.IsSound(services, output).ShouldBeFalse();

        output.ToString().ShouldContain("Models:Providers:openai:ApiKey  holds white space");
        output.ToString().ShouldNotContain("sk secret");
    }

    private sealed class FixedCheck(ConfigurationProblem problem) : IConfigurationCheck
    {
        public IEnumerable<ConfigurationProblem> Check() => [problem];
    }
}
