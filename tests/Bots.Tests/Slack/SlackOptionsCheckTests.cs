using Bots.Configuration;
using Bots.Engine.Surfaces;
using Bots.Slack;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Tests.Slack;

public sealed class SlackOptionsCheckTests
{
    private static readonly SlackOptions Good = new() { BotToken = "xoxb-1", SigningSecret = "secret" };

    [Fact]
    public void Complete_options_and_no_options_are_fine()
    {
        SlackOptionsCheck.Check(Good).ShouldBeEmpty();
        SlackOptionsCheck.Check(new SlackOptions()).ShouldBeEmpty();
    }

    [Fact]
    public void Every_problem_names_its_key_and_mend()
    {
        (SlackOptions Options, string Key)[] bad =
        [
            (Good with { SigningSecret = null }, "Slack:SigningSecret"),
            (Good with { SigningSecret = " " }, "Slack:SigningSecret"),
            (Good with { BotToken = null }, "Slack:BotToken"),
            (Good with { BotToken = "xoxp-user" }, "Slack:BotToken"),
            (new SlackOptions { AppToken = "xapp-1" }, "Slack:AppToken"),
            (Good with { ApiUrl = new Uri("slack.com/api", UriKind.RelativeOrAbsolute) }, "Slack:ApiUrl"),
            (Good with { ApiUrl = new Uri("ftp://slack.com/api") }, "Slack:ApiUrl"),
            (Good with { EditInterval = TimeSpan.Zero }, "Slack:EditInterval"),
            (Good with { EditInterval = TimeSpan.FromHours(1) }, "Slack:EditInterval"),
            (Good with { AllowedTeams = ["acme"] }, "Slack:AllowedTeams"),
            (Good with { AllowedChannels = ["#general"] }, "Slack:AllowedChannels"),
        ];
        foreach (var (options, key) in bad)
        {
            var problem = SlackOptionsCheck.Check(options).ShouldHaveSingleItem();
            problem.Key.ShouldBe(key);
            problem.Mend.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void No_problem_and_no_log_line_shows_a_secret()
    {
        var problem = SlackOptionsCheck.Check(new SlackOptions { BotToken = "hunter2" }).ToList();
        problem.Select(p => p.Key).ShouldBe(["Slack:SigningSecret", "Slack:BotToken"]);
        string.Concat(problem).ShouldNotContain("hunter2");
        new SlackOptions { BotToken = "hunter2", SigningSecret = "hunter3" }.ToString().ShouldNotContain("hunter");
    }

    [Fact]
    public void Everything_is_read_from_configuration()
    {
        var options = Bind(("Slack:AllowedTeams:0", "T9"), ("Slack:AllowedChannels:0", "backend"), ("Slack:EditInterval", "00:00:02"));
        options.AllowedTeams.ShouldBe(["T9"]);
        options.AllowedChannels.ShouldBe(["backend"]);
        options.EditInterval.ShouldBe(TimeSpan.FromSeconds(2));
        options.ApiBase.AbsoluteUri.ShouldBe("https://slack.test/api/");
    }

    [Fact]
    public void What_cannot_be_read_is_a_problem_like_any_other()
    {
        var services = new ServiceCollection().AddSlack(SlackKit.Configuration(("Slack:EditInterval", "soon"))).BuildServiceProvider();
        services.GetRequiredService<IConfigurationCheck>().Check().ShouldHaveSingleItem().Problem.ShouldContain("Slack:EditInterval");
    }

    [Fact]
    public void Without_credentials_nothing_but_the_check_is_registered()
    {
        var services = new ServiceCollection().AddSlack(SlackKit.Configuration(("Slack:BotToken", ""), ("Slack:SigningSecret", ""))).BuildServiceProvider();
        services.GetService<ISurface>().ShouldBeNull();
        services.GetServices<IConfigurationCheck>().Count().ShouldBe(1);
    }

    private static SlackOptions Bind(params (string, string)[] settings) =>
        new ServiceCollection().AddSlack(SlackKit.Configuration(settings)).BuildServiceProvider().GetRequiredService<Microsoft.Extensions.Options.IOptions<SlackOptions>>().Value;
}
