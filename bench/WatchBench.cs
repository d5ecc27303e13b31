using Bots.Bench.Report;
using Bots.Bench.World;
using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Bench;

/// <summary>An event appended to a session's log, until a watcher who follows the log has it. In this process, over a store on disk.</summary>
public static class WatchBench
{
    private const int Rate = 100;
    private const int WarmUps = 100;
    private const int Events = 5 * Rate;
    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task<IReadOnlyList<Line>> Run()
    {
        var directory = Directory.CreateTempSubdirectory("bots-bench-");
        try
        {
            using var store = new SqliteStore(Path.Combine(directory.FullName, "bots.db"));
            var sample = await Measure(store);
            return [new("event appended → seen by a watcher of the log", sample.Spread, "p95 < 20 ms", $"{sample.Count} events at {Rate}/s", sample.P95 < 20)];
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<Sample> Measure(SqliteStore store)
    {
        var log = new SessionLog(store, Unheard.Metrics, Time);
        var session = await store.Write(write => new SessionStore(log, Time).Open(write, new ConversationKey("bench", "watch"), "none", null, null));
        var appended = new long[WarmUps + Events];
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60), Time);
        var watching = Watch(log, session, appended, late.Token);

        var appends = new List<Task>(appended.Length);
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / Rate), Time);
        for (var i = 0; i < appended.Length && await tick.WaitForNextTickAsync(late.Token); i++)
        {
            appended[i] = Time.GetTimestamp();
            appends.Add(log.Append(session, new SessionEvent.AgentText(new PromptId($"{i}"), "Now the tests: they should pass once the sum is right. ")));
        }

        await Task.WhenAll(appends);
        return new Sample((await watching).Skip(WarmUps));
    }

    private static async Task<IReadOnlyList<double>> Watch(SessionLog log, SessionId session, long[] appended, CancellationToken cancellation)
    {
        var seen = new List<double>(appended.Length);
        await foreach (var logged in log.Follow(session, 0, cancellation))
        {
            if (logged.Event is not SessionEvent.AgentText text) continue;
            seen.Add(Time.GetElapsedTime(appended[int.Parse(text.Prompt.Value)]).TotalMilliseconds);
            if (seen.Count == appended.Length) break;
        }

        return seen;
    }
}
