using System.Text.Json;
using Bots.Bench.Report;
using Bots.Bench.World;
using Bots.Simulators.Slack;

namespace Bots.Bench;

/// <summary>A mention that opens a new thread, until Slack is asked to show the first sign of it: a reaction or a reply.</summary>
public static class ReplyBench
{
    private const int WarmUps = 3;
    private const int Mentions = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Line>> Run()
    {
        await using var world = await Surroundings.Start();
        for (var i = 0; i < WarmUps; i++) await Mention(world);
        var times = new List<double>();
        for (var i = 0; i < Mentions; i++) times.Add(await Mention(world));
        if (await world.Store.Prompts() != WarmUps + Mentions) throw new InvalidOperationException("Not every mention became a prompt.");
        var sample = new Sample(times);
        return [new("mention → first visible reply requested", sample.Middle, "< 150 ms", $"{sample.Count} mentions, each a new session", sample.P95 < 150)];
    }

    private static async Task<double> Mention(Surroundings world)
    {
        // One message comes as two events, as Slack sends it.
        var (ts, events) = world.Slack.SayQuietly(Surroundings.Ana, Surroundings.Channel, $"<@{world.Slack.Options.BotUserId}> look at {Surroundings.Repository}");
        var sent = TimeProvider.System.GetUtcNow();
        var deliveries = await Task.WhenAll(events.Select(e => world.Slack.Deliver(e)));
        if (deliveries.FirstOrDefault(d => !d.IsTaken) is { } refused) throw new InvalidOperationException($"A mention was not taken: {refused.Failure}, {refused.Body}");
        await world.Slack.WaitForState(() => First(world.Slack, ts) is not null, Patience);
        var first = First(world.Slack, ts)!;

        // The turn ends by itself, as its agent does; the next mention meets a quiet machine.
        if (!await world.Store.Quiet(Patience)) throw new TimeoutException("A turn did not end.");
        await world.StopSandboxes();
        return (first.At - sent).TotalMilliseconds;
    }

    private static SlackCall? First(SlackSimulator slack, string ts) => slack.Calls.FirstOrDefault(call => call.Method switch
    {
        "reactions.add" => Is(call.Args, "timestamp", ts),
        "chat.postMessage" => Is(call.Args, "thread_ts", ts),
        _ => false,
    });

    private static bool Is(JsonElement arguments, string name, string value) =>
        arguments.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.GetString() == value;
}
