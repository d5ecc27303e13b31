using System.Net;
using System.Text.Json.Nodes;

namespace Bots.Simulators.Tests.GitHub;

public sealed class CheckRunTests
{
    [Fact]
    public async Task A_completed_run_shows_buttons_and_a_writer_clicks_one()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hub = await Hub.Start(o => o with { WebhookUrl = receiver.Url });
        var pull = await hub.OpenPull();
        var created = await hub.Call("POST", "repos/acme/shop/check-runs", ActionRequired(pull.Pull!.HeadSha));
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        created.Json["status"]!.GetValue<string>().ShouldBe("completed");
        created.Json["pull_requests"]![0]!["number"]!.GetValue<int>().ShouldBe(pull.Number);
        var id = created.Json["id"]!.GetValue<long>();

        Should.Throw<InvalidOperationException>(() => hub.Simulator.ClickCheckAction("eve", Hub.Shop, id, "approve:1"));
        Should.Throw<InvalidOperationException>(() => hub.Simulator.ClickCheckAction("ada", Hub.Shop, id, "nonsense"));
        hub.Simulator.ClickCheckAction("ada", Hub.Shop, id, "approve:1");
        await hub.Call("PATCH", $"repos/acme/shop/check-runs/{id}", """{"conclusion":"success","actions":[]}""");
        await hub.Simulator.WaitForDeliveries(Hub.Patience);

        var clicked = receiver.Received.Single(r => r.Name == "check_run.requested_action").Json;
        clicked["requested_action"]!["identifier"]!.GetValue<string>().ShouldBe("approve:1");
        clicked["sender"]!["login"]!.GetValue<string>().ShouldBe("ada");
        Should.Throw<InvalidOperationException>(() => hub.Simulator.ClickCheckAction("ada", Hub.Shop, id, "approve:1"));
        var runs = (await hub.Call("GET", "repos/acme/shop/commits/feature/check-runs")).Json;
        runs["check_runs"]![0]!["conclusion"]!.GetValue<string>().ShouldBe("success");
    }

    [Theory]
    [InlineData("""{"name":"Approval"}""")]
    [InlineData("""{"head_sha":"HEAD","name":"Approval","status":"completed"}""")]
    [InlineData("""{"head_sha":"HEAD","name":"Approval","conclusion":"maybe"}""")]
    [InlineData("""{"head_sha":"HEAD","name":"Approval","output":{"title":"t"}}""")]
    [InlineData("""{"head_sha":"HEAD","name":"Approval","actions":[{"label":"a label of more than twenty","description":"d","identifier":"i"}]}""")]
    [InlineData("""{"head_sha":"HEAD","name":"Approval","actions":[{"label":"l","description":"d","identifier":"an identifier too long"}]}""")]
    [InlineData("""{"head_sha":"0123456789012345678901234567890123456789","name":"Approval"}""")]
    public async Task A_run_beyond_the_limits_is_refused(string body)
    {
        await using var hub = await Hub.Start();
        var sha = (await hub.Simulator.Branches(Hub.Shop))["main"];

        var answer = await hub.Call("POST", "repos/acme/shop/check-runs", body.Replace("HEAD", sha, StringComparison.Ordinal));

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        hub.Simulator.Repository(Hub.Shop).CheckRuns.ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_runs_are_for_apps_only()
    {
        await using var hub = await Hub.Start(o => o with { Token = "ghp_simple" });
        var sha = (await hub.Simulator.Branches(Hub.Shop))["main"];

        var answer = await hub.Send("POST", "repos/acme/shop/check-runs", ActionRequired(sha), "ghp_simple");

        answer.Message.ShouldBe("You must authenticate via a GitHub App.");
    }

    internal static string ActionRequired(string sha) => new JsonObject
    {
        ["name"] = "Approval",
        ["head_sha"] = sha,
        ["conclusion"] = "action_required",
        ["output"] = new JsonObject { ["title"] = "May I?", ["summary"] = "rm -rf build" },
        ["actions"] = new JsonArray
        {
            new JsonObject { ["label"] = "Approve", ["description"] = "Let it run", ["identifier"] = "approve:1" },
            new JsonObject { ["label"] = "Deny", ["description"] = "Refuse it", ["identifier"] = "deny:1" },
        },
    }.ToJsonString();
}
