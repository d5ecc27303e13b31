using Bots.Bench.Report;
using Bots.Bench.World;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Bench;

/// <summary>A prompt that is started until the agent has it, with OpenCode in its sandbox: in a warm one, and in one that starts now.</summary>
public static class WarmBench
{
    private const int Warm = 6;
    private const int Cold = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    public static async Task<IReadOnlyList<Line>> Run()
    {
        var (warm, cold) = (new Sample(await Prompts(warm: true)), new Sample(await Prompts(warm: false)));
        return
        [
            new("warm sandbox claimed → prompt with the agent", warm.Middle, "< 50 ms", $"1/{cold.Median / warm.Median:0} of a cold start", warm.Median < 50),
            new("… with a sandbox that starts now", cold.Middle, "", $"clone and OpenCode's start in it; {warm.Count} and {cold.Count} new sessions"),
        ];
    }

    private static async Task<List<double>> Prompts(bool warm)
    {
        await using var world = await Surroundings.Start(new Dictionary<string, string>
        {
            ["Agents:Default"] = "opencode", ["Sandbox:Pool:Size"] = warm ? "1" : "0", ["Sandbox:PrepareEvery"] = "00:00:00",
        });
        await using var store = new SqliteDataSource(world.Paths.Database);
        await using var connection = await store.OpenConnectionAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var times = new List<double>();
        // The first one finds nothing compiled yet.
        for (var i = -1; i < (warm ? Warm : Cold); i++)
        {
            if (warm)
            {
                using var hinted = await http.PostAsync(new Uri(world.Service.Url, $"api/repositories/{Surroundings.Repository}/warm"), null);
                hinted.EnsureSuccessStatusCode();
                await Until(() => connection.QuerySingle<long>("SELECT COUNT(*) FROM sandboxes WHERE purpose = 'Pool' AND state = 'live' AND agent_ready = 1 AND idle_since IS NOT NULL") > 0);
            }

            var time = await Mention(world, connection);
            if (i >= 0) times.Add(time);
        }

        return times;
    }

    private static async Task<double> Mention(Surroundings world, System.Data.Common.DbConnection connection)
    {
        var before = connection.QuerySingle<long>("SELECT COUNT(*) FROM prompts");
        var (_, events) = world.Slack.SayQuietly(Surroundings.Ana, Surroundings.Channel, $"<@{world.Slack.Options.BotUserId}> look at {Surroundings.Repository}");
        await Task.WhenAll(events.Select(e => world.Slack.Deliver(e)));

        // Journalled with its number, and taken out of the journal once the sidecar has it.
        await Until(() => connection.QuerySingle<long>("SELECT COUNT(*) FROM prompts WHERE request_id IS NOT NULL") > before
            && connection.QuerySingle<long>("SELECT COUNT(*) FROM agent_inputs") == 0);
        var sent = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var started = connection.QuerySingle<long>("SELECT MAX(at) FROM session_events WHERE data LIKE '%\"prompt.started\"%'");
        if (!await world.Store.Quiet(Patience)) throw new TimeoutException("A turn did not end.");
        return sent - started;
    }

    private static async Task Until(Func<bool> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new TimeoutException("It did not come.");
            await Task.Delay(Look, TimeProvider.System);
        }
    }
}
