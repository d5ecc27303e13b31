using Bots.Engine.Audit;
using Bots.Engine.Storage;
using Bots.Gateway;
using Bots.Simulators.Slack;
using Bots.Tests.Gateway;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>What an agent runs wants to reach another host.</summary>
public sealed class EgressJobTests
{
    [Fact]
    public async Task A_host_that_nobody_listed_is_asked_about_reached_once_somebody_allows_it_and_written_down()
    {
        await using var registry = await StubServer.Start(context => context.Response.WriteAsync("the package list"));
        var url = $"http://registry.test:{registry.Url.Port}";
        await using var world = await Prepare(Sample.Run("^fetch", $"curl -sS {url}/one; curl -sS {url}/two; curl -sS https://elsewhere.test/ 2>&1; git ls-remote origin HEAD", "I have fetched it."));
        Arrange(world);
        await world.StartService();

        await world.Mention("fetch the packages");
        await Click(world, "curl", "approve_once");
        await Click(world, "Connect to registry.test:", "approve_once");
        await Click(world, "Connect to elsewhere.test:443", "deny");
        await world.Says("I have fetched it.");
        await world.Slack.WaitForState(() => world.Slack.Messages(Channel).All(m => !HasButton(m, "stop")), Patience);

        var seen = world.Models.Requests.SelectMany(r => r.Results).Last().Text;
        seen.ShouldContain("the package listthe package list");
        seen.ShouldContain("403");
        seen.ShouldContain("HEAD");
        registry.Requests.Select(r => r.Target).ShouldBe(["/one", "/two"]);
        world.Slack.Messages(Channel).Count(m => Shown(m).Contains("Connect to", StringComparison.Ordinal)).ShouldBe(2);
        Tells(world);
        await Exports(world);
    }

    private static void Tells(Installation world)
    {
        var rows = world.Store.Read(db => AuditLog.Read(db, 0, 1000));
        world.Store.Read(AuditLog.Verify).Sound.ShouldBeTrue();
        rows.Single(r => r.Kind == "prompt.accepted").Actor.ShouldBe($"slack:{Ana}");
        rows.Count(r => r.Kind == "permission.decided" && r.Actor == $"slack:{Ben}").ShouldBe(3);
        rows.Count(r => r.Kind == "egress.opened" && r.Data.Contains("ben allowed it for this turn", StringComparison.Ordinal)).ShouldBe(2);
        rows.Count(r => r.Kind == "egress.closed").ShouldBe(2);
        rows.Single(r => r.Kind == "egress.refused").Data.ShouldContain("ben denied it");
        rows.ShouldContain(r => r.Kind == "git.fetch" && r.Data.Contains("GitHub App installation", StringComparison.Ordinal));
        rows.Single(r => r.Kind == "prompt.finished").Data.ShouldContain("simulated/scripted");
        rows.ShouldContain(r => r.Kind == "sandbox.started" && r.SessionId != null);
        foreach (var secret in (string[])[ModelKey, ForgeSecret, world.Slack.Options.BotToken]) rows.ShouldAllBe(r => !r.Data.Contains(secret, StringComparison.Ordinal));
    }

    private static async Task Exports(Installation world)
    {
        using var client = new HttpClient { BaseAddress = world.Url };
        var token = TestContext.Current.CancellationToken;
        (await client.GetStringAsync("api/audit/verify", token)).ShouldContain("\"sound\":true");
        var lines = (await client.GetStringAsync("api/audit", token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = world.Store.Read(db => AuditLog.Read(db, 0, 1000));
        lines.ShouldBe(rows.Take(lines.Length).Select(AuditChain.Line));
        (await client.GetStringAsync("api/audit?after=1&limit=1", token)).TrimEnd('\n').ShouldBe(lines[1]);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        (await client.GetAsync("api/audit", token)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);

        await world.Store.Write(write => Dapper.SqlMapper.Execute(write.Db, "UPDATE audit_log SET actor = 'slack:U0NOBODY' WHERE sequence = 3"), token);
        client.DefaultRequestHeaders.Remove("X-Forwarded-For");
        (await client.GetStringAsync("api/audit/verify", token)).ShouldContain("\"brokenAt\":3");
    }

    private static void Arrange(Installation world)
    {
        world.Settings["Network:AllowPrivate:0"] = "127.0.0.0/8";
        var names = new FixedNames { Known = { ["registry.test"] = ["127.0.0.1"] } };
        world.Replace = services => services.AddSingleton<IHostNames>(names);
    }

    private static async Task Click(Installation world, string about, string button)
    {
        var question = await world.Slack.WaitFor(Channel, m => Shown(m).Contains(about, StringComparison.Ordinal) && HasButton(m, button), Patience);
        await world.Slack.Click(Ben, Channel, question.Ts, button);
    }
}
