using Bots.Bench.Report;
using Bots.Bench.World;

namespace Bots.Bench.Ack;

/// <summary>Delivery → acknowledgement, durable, beside a server that stores nothing and servers that do the same.</summary>
public static class AckBench
{
    private const int Rate = 1000;
    private const int Connections = 32;
    private const int ManyConnections = 256;
    private const int Rounds = 5;
    private const double LongestPause = 50;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ForPeers = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Line>> Run()
    {
        await using var bare = await PeerServer.Bare();
        await using var world = await Surroundings.Start();
        var slack = new AckSubject("Slack event", "webhooks/slack/events", new SlackDeliveries(world.Slack).Next, Peak: 16_000, P99: 5);
        var replies = slack with { What = "Slack reply, stored whole", Next = new SlackDeliveries(world.Slack, areReplies: true).Next };
        var gitHub = new AckSubject("GitHub comment of 10–30 KB", "webhooks/github", new GitHubDeliveries().Next, Peak: 5_000, P99: 10);
        var (directory, secret) = (world.Paths.DataDirectory, world.Slack.Options.SigningSecret);
        return
        [
            Disk.Line(directory),
            .. await Of(slack, world, bare,
                [(8, () => PeerServer.Node("Bolt", "bolt", directory, secret, slack.Path)), (1, () => PeerServer.Node("tuned Node", "tuned", directory, secret, slack.Path))]),
            await Whole(replies, world, () => PeerServer.Node("tuned Node", "tuned", directory, secret, slack.Path)),
            .. await Of(gitHub, world, bare,
            [
                (3.5, () => PeerServer.Node("Probot", "probot", directory, Surroundings.ForgeSecret, gitHub.Path)),
                (1, () => PeerServer.Node("tuned Node", "tuned", directory, Surroundings.ForgeSecret, gitHub.Path)),
            ]),
        ];
    }

    private static async Task<IEnumerable<Line>> Of(
        AckSubject subject, Surroundings world, PeerServer bare, IReadOnlyList<(double Target, Func<Task<PeerServer>> Start)> peers)
    {
        var (what, peak) = (subject.What, subject.Peak);
        var url = new Uri(world.Service.Url, subject.Path);
        var before = await world.Store.Deliveries();
        var warm = await Load.Peak(url, subject.Next(peak), Connections, Longest);
        await Load.Peak(bare.Url, subject.Next(peak), Connections, Longest);

        // From little to much: what is taken up late in one part must not weigh on the next.
        var drained = await world.Store.Drained(Patience);
        var one = subject.Next(peak / 4);
        var alone = await Load.Peak(url, one, 1, Longest);
        var aloneBare = await Load.Peak(bare.Url, one, 1, ForPeers, again: true);

        drained &= await world.Store.Drained(Patience);
        var steady = subject.Next(Rate * 4);
        var offered = await Load.Offered(url, steady, Rate, Connections);
        var offeredBare = await Load.Offered(bare.Url, steady, Rate, Connections);

        drained &= await world.Store.Drained(Patience);
        var many = subject.Next(peak);
        var since = Inside.Of(world.Service);
        var most = await Load.Peak(url, many, Connections, Longest);
        drained &= await world.Store.Drained(Patience);
        var used = Inside.Of(world.Service).PerDelivery(since, most.Acknowledged);
        var beside = new List<(Line Line, int Acknowledged)> { await Beside(subject, url, world.Store, 0.4, bare) };
        foreach (var (target, start) in peers)
        {
            // It runs only while it is measured.
            await using var peer = await start();
            beside.Add(await Beside(subject, url, world.Store, target, peer));
        }


        var crowd = await Load.Peak(url, subject.Next(peak), ManyConnections, Longest);
        drained &= await world.Store.Drained(Patience);

        var acknowledged = warm.Acknowledged + alone.Acknowledged + offered.Acknowledged + most.Acknowledged + crowd.Acknowledged + beside.Sum(b => b.Acknowledged);
        var stored = await world.Store.Deliveries() - before;
        var reached = offered.PerSecond >= 0.95 * Rate;
        var pause = new[] { alone, offered, most, crowd }.Max(l => l.Pause);
        return
        [
            Throughput($"{what} → ack, 1 connection", alone, aloneBare, bare.Name, null),
            new($"{what} → ack, {Connections} connections", Figures(most)),
            .. beside.Select(b => b.Line),
            new($"{what} → ack, {ManyConnections} connections", Figures(crowd)),
            new($"{what} → ack, {Rate:N0}/s offered", offered.Latency.Spread, $"p99 < {subject.P99:0} ms",
                $"{(reached ? "reached" : "reached only")} {offered.PerSecond:N0}/s; {bare.Name} p50 {Sample.Text(offeredBare.Latency.Median)} · p99 {Sample.Text(offeredBare.Latency.P99)} ms", reached && offered.Latency.P99 < subject.P99),
            new($"{what}: longest time without an ack", $"{Sample.Text(pause)} ms", $"< {LongestPause:0} ms", "", pause < LongestPause),
            new($"{what}: each delivery", used),
            new($"{what}: stored of those acknowledged", $"{stored:N0} of {acknowledged:N0}", "all", drained ? "" : "earlier parts still being taken up", stored == acknowledged),
        ];
    }

    /// <summary>What may be something to the bot is stored with its words, and taken up.</summary>
    private static async Task<Line> Whole(AckSubject subject, Surroundings world, Func<Task<PeerServer>> start)
    {
        var before = await world.Store.Deliveries();
        await using var peer = await start();
        var (line, acknowledged) = await Beside(subject, new Uri(world.Service.Url, subject.Path), world.Store, 1, peer);
        var stored = await world.Store.Deliveries() - before;
        return line with { What = $"{subject.What}, {Connections} connections", Verdict = line.Verdict == true && stored == acknowledged };
    }

    /// <summary>
    /// The same load on another server, in turns with the service: a machine that is slower for a moment is so for both. The round with the middle
    /// ratio counts.
    /// </summary>
    private static async Task<(Line Line, int Acknowledged)> Beside(AckSubject subject, Uri url, StoreView store, double target, PeerServer peer)
    {
        // One that remembers nothing would be done with them before it runs at its full speed.
        Task<LoadResult> Theirs() => Load.Peak(peer.Url, subject.Next(subject.Peak), Connections, peer.Remembers ? Longest : ForPeers, again: !peer.Remembers);
        await Theirs();
        var rounds = new List<(LoadResult Service, LoadResult Peer)>();
        while (rounds.Count < Rounds)
        {
            await store.Drained(Patience);
            var service = await Load.Peak(url, subject.Next(subject.Peak), Connections, Longest);
            await store.Drained(Patience);
            rounds.Add((service, await Theirs()));
        }

        var (ours, theirs) = rounds.OrderBy(r => Ratio(r.Service, r.Peer)).ElementAt(Rounds / 2);
        return (Throughput($"… beside {peer.Name}, the middle of {Rounds} rounds", ours, theirs, peer.Name, target), rounds.Sum(r => r.Service.Acknowledged));
    }

    private static Line Throughput(string what, LoadResult service, LoadResult peer, string name, double? target)
    {
        var ratio = Ratio(service, peer);
        return new(what, Figures(service), target is null ? "" : $"≥ {target:0.0} × {name}",
            $"{ratio:0.00} × {name} ({peer.PerSecond:N0}/s, p99 {Sample.Text(peer.Latency.P99)} ms)", target is null ? null : ratio >= target);
    }

    private static string Figures(LoadResult load) => $"{load.PerSecond:N0}/s, {load.Latency.Spread}";

    private static double Ratio(LoadResult service, LoadResult peer) => service.PerSecond / peer.PerSecond;
}
