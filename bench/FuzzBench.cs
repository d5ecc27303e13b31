using System.Net;
using Bots.Bench.Report;
using Bots.Bench.World;
using Bots.Fuzz;

namespace Bots.Bench;

/// <summary>A hundred thousand requests nobody should send, to everything that is open to the network.</summary>
public static class FuzzBench
{
    private const int WarmUps = 20_000;
    private const int Requests = 100_000;
    private const int Senders = 8;

    /// <summary>What memory may be more afterwards: the collector takes what it is given.</summary>
    private const double Slack = 1.25;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<IReadOnlyList<Line>> Run()
    {
        await using var world = await Surroundings.Start();
        var requests = new PublicRequests(20261121, world.Slack.Options.SigningSecret, Surroundings.ForgeSecret, TimeProvider.System);
        await Send(world, requests, WarmUps);
        var before = world.Service.ResidentMiB();
        var begun = TimeProvider.System.GetTimestamp();
        var answers = await Send(world, requests, Requests);
        var elapsed = TimeProvider.System.GetElapsedTime(begun);
        await world.Store.Drained(Patience);
        var after = world.Service.ResidentMiB();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var ready = (await http.GetAsync(new Uri(world.Service.Url, "readyz"))).StatusCode;
        var (failed, silent) = (answers.Count(a => a >= 500), answers.Count(a => a is null));
        return
        [
            new($"{Requests:N0} malformed requests: answered with 5xx, not at all", $"{failed}, {silent}", "none", $"{Requests / elapsed.TotalSeconds:0}/s; {Kinds(answers)}", failed + silent == 0),
            new("… the service's resident memory", $"{after:0} MiB", $"< {Slack} × as before", $"{before:0} MiB after the first {WarmUps:N0}", after < Slack * before),
            new("… and then", $"/readyz {(int)ready}", "200", "", ready == HttpStatusCode.OK),
        ];
    }

    private static async Task<IReadOnlyList<int?>> Send(Surroundings world, PublicRequests requests, int count)
    {
        var service = new IPEndPoint(IPAddress.Loopback, world.Service.Url.Port);
        var left = count;
        var answers = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            var own = new List<int?>();
            while (Interlocked.Decrement(ref left) >= 0)
            {
                byte[] request;
                lock (requests) request = requests.Next();
                own.Add(await Wire.Send(service, request, CancellationToken.None));
            }

            return own;
        })));
        return [.. answers.SelectMany(a => a)];
    }

    private static string Kinds(IReadOnlyList<int?> answers) =>
        string.Join(" · ", answers.GroupBy(a => a).OrderByDescending(g => g.Count()).Select(g => $"{100.0 * g.Count() / answers.Count:0.#} % {g.Key}"));
}
