using Bots.Bench.Report;
using Bots.Bench.World;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Bench.Engine;

/// <summary>A service in use: 10,000 sessions in its store and 100 that run, each in a sandbox of its own with an agent that says twenty things a second.</summary>
public static class EngineBench
{
    private const int Stored = 10_000;
    private const int Running = 100;
    private const int Watched = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static async Task<IReadOnlyList<Line>> Run()
    {
        await using var world = await Surroundings.Start(Settings(), database => StoredSessions.Add(database, Stored));
        await Task.WhenAll(Enumerable.Range(0, Running).Select(_ => Mention(world)));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
        await Until(() => Sessions(world).Count == Running, "every session runs");
        var watchers = Sessions(world).Take(Watched).Select(id => new Watcher(http, id)).ToList();

        using var first = new CancellationTokenSource();
        var following = watchers.Select(w => w.Follow(world.Service.Url, first.Token)).ToList();
        await Task.Delay(Settling, TimeProvider.System);
        var figures = await Measure(world, watchers);

        var restart = await Restart(world, watchers, http);
        await first.CancelAsync();
        await Task.WhenAll(following);
        return [.. figures, .. restart];
    }

    private static async Task<IReadOnlyList<Line>> Measure(Surroundings world, IReadOnlyList<Watcher> watchers)
    {
        var (events, bytes, processor, begun) = (Events(world), Size(world), world.Service.Processor(), TimeProvider.System.GetTimestamp());
        foreach (var watcher in watchers) watcher.Begin();
        await Task.Delay(Window, TimeProvider.System);
        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        var logged = Events(world) - events;
        var ages = new Sample(watchers.SelectMany(w => w.Ages));
        return
        [
            new($"{Running} agents' events → a watcher over HTTP", ages.Spread, "", $"{logged / elapsed.TotalSeconds:0} events logged a second, of {Running * 20} said; {Stored:N0} sessions stored"),
            new("… the service's processor time", $"{(world.Service.Processor() - processor) / elapsed:0.00} cores", "", $"of {Environment.ProcessorCount}, which the agents and their sidecars share"),
            new("… its resident memory", $"{world.Service.ResidentMiB():0} MiB"),
            new("… growth of its database", $"{(Size(world) - bytes) / (double)logged:0} bytes an event"),
        ];
    }

    /// <summary>Kills it in the middle of all that: what the agents say meanwhile must be there, once.</summary>
    private static async Task<IReadOnlyList<Line>> Restart(Surroundings world, IReadOnlyList<Watcher> watchers, HttpClient http)
    {
        var ready = await world.Restart();
        var before = watchers.Select(w => w.Step).ToList();
        using var over = new CancellationTokenSource();
        var begun = TimeProvider.System.GetTimestamp();
        var following = watchers.Select(w => w.Follow(world.Service.Url, over.Token)).ToList();
        await Until(() => watchers.Zip(before).All(pair => pair.First.Step > pair.Second), "every watched agent is heard again");
        var heard = TimeProvider.System.GetElapsedTime(begun);
        await Task.Delay(Settling, TimeProvider.System);
        await over.CancelAsync();
        await Task.WhenAll(following);
        var gap = watchers.Select(w => w.Gap).FirstOrDefault(g => g is not null);
        return
        [
            new("killed and started again → ready", $"{ready.TotalMilliseconds:0} ms", "", $"{Stored + Running:N0} sessions, {Running} of them running"),
            new("… → all watched agents are heard again", $"{heard.TotalMilliseconds:0} ms"),
            new("… steps of the watched agents in the log", gap ?? "all, once", "all, once", $"{watchers.Sum(w => w.Step):N0} of {watchers.Count} agents", gap is null),
        ];
    }

    private static async Task Mention(Surroundings world)
    {
        var (_, events) = world.Slack.SayQuietly(Surroundings.Ana, Surroundings.Channel, $"<@{world.Slack.Options.BotUserId}> look at {Surroundings.Repository}");
        await Task.WhenAll(events.Select(e => world.Slack.Deliver(e)));
    }

    private static Dictionary<string, string> Settings() => new()
    {
        ["Agents:Directory"] = Path.Combine(AppContext.BaseDirectory, "Engine", "agent"),
        ["Agents:Default"] = "chatter",
        ["Agents:chatter:Command"] = "/opt/bots/agents/chatter.mjs",
        ["Scheduler:MaxConcurrent"] = $"{Running}",
        ["Scheduler:MaxPerUser"] = $"{Running}",
    };

    /// <summary>Sessions whose agent has said something.</summary>
    private static List<string> Sessions(Surroundings world) => Ask(world, db => db.Query<string>(
        "SELECT session_id FROM prompts p WHERE state = 'Running' AND request_id IS NOT NULL AND EXISTS (SELECT 1 FROM session_events e WHERE e.session_id = p.session_id AND e.data LIKE '%\"agent.tool_call\"%')").ToList());

    private static long Events(Surroundings world) => Ask(world, db => db.QuerySingle<long>("SELECT SUM(last_sequence) FROM sessions"));

    private static long Size(Surroundings world) => Ask(world, db => db.QuerySingle<long>("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"));

    private static T Ask<T>(Surroundings world, Func<System.Data.Common.DbConnection, T> question)
    {
        using var source = new SqliteDataSource(world.Paths.Database);
        using var connection = source.OpenConnection();
        return question(connection);
    }

    private static async Task Until(Func<bool> holds, string what)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Patience) throw new TimeoutException($"It did not come that {what}.");
            await Task.Delay(Look, TimeProvider.System);
        }
    }
}
