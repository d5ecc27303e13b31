using Bots.Bench.Report;
using Bots.Bench.World;

namespace Bots.Bench.Ack;

/// <summary>Delivery → acknowledgement, durable, beside a server that stores nothing.</summary>
public static class AckBench
{
    private const int Rate = 1000;
    private const int Connections = 32;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ForBare = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Line>> Run()
    {
        await using var bare = await BareServer.Start();
        await using var world = await Surroundings.Start();
        var slack = new SlackDeliveries(world.Slack);
        var gitHub = new GitHubDeliveries();
        return
        [
            Disk.Line(world.Paths.DataDirectory),
            .. await Of("Slack event", slack.Next, "webhooks/slack/events", world, bare, peak: 16_000, p99: 5),
            .. await Of("GitHub comment of 10–30 KB", gitHub.Next, "webhooks/github", world, bare, peak: 5_000, p99: 10),
        ];
    }

    private static async Task<IEnumerable<Line>> Of(
        string what, Func<int, IReadOnlyList<SignedRequest>> next, string path, Surroundings world, BareServer bare, int peak, double p99)
    {
        var url = new Uri(world.Service.Url, path);
        var before = await world.Store.Deliveries();
        var warm = await Load.Peak(url, next(peak / 4), Connections, Longest);
        await Load.Peak(bare.Url, next(peak / 4), Connections, Longest);

        // From little to much: what is taken up late in one part must not weigh on the next.
        var drained = await world.Store.Drained(Patience);
        var one = next(peak / 4);
        var alone = await Load.Peak(url, one, 1, Longest);
        var aloneBare = await Load.Peak(bare.Url, one, 1, ForBare, again: true);

        drained &= await world.Store.Drained(Patience);
        var offered = await Load.Offered(url, next(Rate * 4), Rate, Connections);

        drained &= await world.Store.Drained(Patience);
        var many = next(peak);
        var most = await Load.Peak(url, many, Connections, Longest);
        var mostBare = await Load.Peak(bare.Url, many, Connections, ForBare, again: true);

        var acknowledged = warm.Acknowledged + alone.Acknowledged + offered.Acknowledged + most.Acknowledged;
        var stored = await world.Store.Deliveries() - before;
        var reached = offered.PerSecond >= 0.95 * Rate;
        return
        [
            Throughput($"{what} → ack, 1 connection", alone, aloneBare, null),
            Throughput($"{what} → ack, {Connections} connections", most, mostBare, 0.4),
            new($"{what} → ack, {Rate:N0}/s offered", offered.Latency.Spread, $"p99 < {p99:0} ms",
                reached ? $"reached {offered.PerSecond:N0}/s" : $"reached only {offered.PerSecond:N0}/s", reached && offered.Latency.P99 < p99),
            new($"{what}: stored of those acknowledged", $"{stored:N0} of {acknowledged:N0}", "all", drained ? "" : "earlier parts still being taken up", stored == acknowledged),
        ];
    }

    private static Line Throughput(string what, LoadResult service, LoadResult bare, double? target)
    {
        var ratio = service.PerSecond / bare.PerSecond;
        return new(what, $"{service.PerSecond:N0}/s, {service.Latency.Spread}", target is null ? "" : $"≥ {target:0.0} × bare Kestrel",
            $"{ratio:0.00} × bare Kestrel ({bare.PerSecond:N0}/s, p99 {Sample.Text(bare.Latency.P99)} ms)", target is null ? null : ratio >= target);
    }
}
