using Bots.Bench.Report;
using Bots.Bench.World;
using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Bench.Engine;

/// <summary>What a session's length costs: folding a log of 100,000 events, and adding to a log that is long already.</summary>
public static class FoldBench
{
    private const int Events = 100_000;
    private const int Batch = 1_000;
    private const int Times = 10;
    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task<IReadOnlyList<Line>> Run()
    {
        var directory = Directory.CreateTempSubdirectory("bots-bench-");
        try
        {
            using var store = new SqliteStore(Path.Combine(directory.FullName, "bots.db"));
            var log = new SessionLog(store, Unheard.Metrics, Time);
            var session = await store.Write(write => new SessionStore(log, Time).Open(write, new ConversationKey("bench", "fold"), "none", null, null));
            var (first, last) = await Fill(log, session);
            var events = log.Read(session, 0, int.MaxValue);
            var fold = Measure(() => SessionFold.Fold(session, events));
            var view = Measure(() => log.View(session));
            return
            [
                new($"fold of {Events:N0} events", fold.Middle, "< 200 ms", "in memory", fold.Median < 200),
                new("… all of it one prompt's text", Measure(() => SessionFold.Fold(session, OneText(session))).Middle, "< 200 ms", "", null),
                new("… read from the store as well", view.Middle),
                new("appending an event to a log that long", $"{last * 1000:0} µs", "as to a short one", $"{first * 1000:0} µs among the first {Batch:N0}; a commit for each {Batch:N0}", last < 1.5 * first),
            ];
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <returns>What an event took, in milliseconds, in the first and in the last batches.</returns>
    private static async Task<(double First, double Last)> Fill(SessionLog log, SessionId session)
    {
        var batches = new List<double>();
        for (var number = 0; number < Events; number += Batch)
        {
            var begun = Time.GetTimestamp();
            await log.Append(session, [.. Enumerable.Range(number, Batch).Select(LongLog.Event)]);
            batches.Add(Time.GetElapsedTime(begun).TotalMilliseconds / Batch);
        }

        // The very first one compiles.
        return (new Sample(batches.Skip(1).Take(10)).Median, new Sample(batches.TakeLast(10)).Median);
    }

    private static IEnumerable<LoggedEvent> OneText(SessionId session) => Enumerable.Range(0, Events).Select(number =>
        new LoggedEvent(session, number + 1, DateTimeOffset.UnixEpoch, number == 0 ? LongLog.Event(0) : new SessionEvent.AgentText(new PromptId("prm_00000000"), "Now the tests: they should pass once the sum is right. ")));

    private static Sample Measure(Action action)
    {
        action();
        return new Sample(Enumerable.Range(0, Times).Select(_ =>
        {
            var begun = Time.GetTimestamp();
            action();
            return Time.GetElapsedTime(begun).TotalMilliseconds;
        }).ToList());
    }
}
