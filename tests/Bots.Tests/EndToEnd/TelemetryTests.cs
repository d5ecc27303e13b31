using Bots.Simulators.Models;
using Bots.Tests.Telemetry;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>What a collector gets of the whole service.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task A_mention_is_one_trace_up_to_its_final_message_although_the_service_is_killed_on_the_way()
    {
        await using var collector = await Collector.Start();
        await using var world = await Prepare(Sample.Run("run it", "echo one >> count.txt", "It has run."));
        foreach (var (key, value) in collector.Settings) world.Settings[key] = value;
        var first = await ServiceProcess.Start(world);

        await world.Mention("run it");
        var question = await world.Button("approve_once");
        await collector.Until(() => collector.Spans.Any(s => s.Name == "model") && collector.Spans.Any(s => s.Name == "post"));
        await first.Kill();
        await using var second = await ServiceProcess.Start(world);
        await world.Slack.Click(Ben, Channel, question.Ts, "approve_once");
        await world.Says("1 file");
        await collector.Until(() => collector.Spans.Any(s => s.Name == "turn"));
        await second.Stop();

        var trace = collector.Spans.Where(s => s.Trace == collector.Spans.Single(turn => turn.Name == "turn").Trace).ToList();
        var names = trace.Select(s => s.Name).ToHashSet();
        foreach (var name in new[] { "POST /webhooks/slack/events", "inbox", "intake", "queue", "sandbox", "workspace", "agent", "tool", "permission", "model", "publish", "git", "post", "edit" }) names.ShouldContain(name);
        var parents = trace.ToDictionary(s => s.Id, s => s.Parent);
        Path(parents, trace.Single(s => s.Name == "turn").Id).ShouldBe(
            [trace.Single(s => s.Name == "intake").Id, trace.Single(s => s.Name == "inbox").Id, trace.Single(s => s.Name == "POST /webhooks/slack/events").Id]);
        trace.Single(s => s.Name == "turn").Tags["bots.resumed"].ShouldBe("1");
        // The answer is an edit of what the first life of the service posted; the call to Slack is within it.
        var edits = trace.Where(s => s.Name == "edit").Select(s => s.Id).ToHashSet();
        trace.ShouldContain(s => edits.Contains(s.Parent) && s.Tags.GetValueOrDefault("url.full") == new Uri(world.Slack.ApiUrl, "chat.update").ToString());
    }

    [Fact]
    public async Task Metrics_and_logs_arrive_and_none_of_it_holds_a_secret()
    {
        await using var collector = await Collector.Start();
        await using var world = await Prepare(ModelScript.On("say hello", ModelStep.Say("Hello to you.")));
        foreach (var (key, value) in collector.Settings) world.Settings[key] = value;
        await using var service = await ServiceProcess.Start(world);

        await world.Mention("say hello to the platypus");
        await world.Says("Hello to you.");
        await collector.Until(() => collector.Text("/v1/metrics").Contains("bots_turn_duration", StringComparison.Ordinal));
        await service.Stop();

        var metrics = collector.Text("/v1/metrics");
        foreach (var name in new[]
        {
            "bots_ack_duration", "bots_inbox_backlog", "bots_inbox_parked", "bots_intake_delay", "bots_event_lag", "bots_queue_wait", "bots_turn_duration", "bots_tokens", "bots_cost",
            "bots_sandboxes", "bots_reconciler_lag", "bots_permissions_open", "bots_loop_failures",
            "http.server.request.duration", "http.client.request.duration", "dotnet.gc.collections",
        })
        {
            metrics.ShouldContain(name);
        }

        metrics.ShouldContain("simulated/scripted");
        metrics.ShouldNotContain("ses_");
        var taken = collector.Lines.Single(line => line.Text.Contains("session opened", StringComparison.Ordinal));
        taken.Tags["Delivery"].First().ShouldStartWith("Ev");
        var started = collector.Lines.First(line => line.Text.Contains("Sandbox ", StringComparison.Ordinal) && line.Text.Contains(" started in ", StringComparison.Ordinal));
        started.Tags["Session"].First().ShouldStartWith("ses_");
        started.Tags["Prompt"].First().ShouldStartWith("prm_");
        started.Trace.ShouldBe(taken.Trace);
        taken.Trace.ShouldBe(collector.Spans.Single(s => s.Name == "turn").Trace);
        foreach (var text in new[] { metrics, collector.Text("/v1/logs"), collector.Text("/v1/traces") })
        {
            foreach (var secret in new[] { ForgeSecret, ModelKey, world.Slack.Options.BotToken, world.Slack.Options.SigningSecret, "platypus", "Hello to you" }) text.ShouldNotContain(secret);
        }

        // Neither what asks whether the service lives, nor the exporting itself, nor what sandboxes call and the gateway traces itself.
        collector.Spans.ShouldNotContain(s => s.Tags.GetValueOrDefault("url.path") == "/readyz");
        collector.Spans.ShouldNotContain(s => s.Tags.GetValueOrDefault("url.full", "").StartsWith(collector.Url.ToString(), StringComparison.Ordinal));
        collector.Spans.ShouldNotContain(s => s.Tags.GetValueOrDefault("url.path", "").StartsWith("/llm/", StringComparison.Ordinal));
        collector.Spans.Select(s => s.Tags.GetValueOrDefault("url.full", "").Split('?', 2)).Where(parts => parts.Length == 2).ShouldAllBe(parts => parts[1] == "*");
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_of_it_is_even_loaded()
    {
        await using var collector = await Collector.Start();
        await using var world = await Prepare();
        await using (var silent = await ServiceProcess.Start(world))
        {
            silent.Loaded.ShouldContain("Bots.Engine.dll");
            silent.Loaded.ShouldNotContain(name => name.StartsWith("OpenTelemetry", StringComparison.Ordinal));
        }

        foreach (var (key, value) in collector.Settings) world.Settings[key] = value;
        await using var telling = await ServiceProcess.Start(world);
        telling.Loaded.ShouldContain("OpenTelemetry.dll");
    }

    private static IReadOnlyList<string> Path(Dictionary<string, string> parents, string id)
    {
        var path = new List<string>();
        while (parents.TryGetValue(id, out var parent) && parents.ContainsKey(parent)) path.Add(id = parent);
        return path;
    }
}
