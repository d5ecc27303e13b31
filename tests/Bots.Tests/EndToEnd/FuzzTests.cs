using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Bots.Fuzz;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>Whatever comes in from the network: it is answered, breaks nothing and keeps nobody else waiting.</summary>
public sealed class FuzzTests
{
    private const int Requests = 2_000;
    private const int Senders = 4;

    [Fact]
    public async Task Two_thousand_malformed_requests_break_nothing()
    {
        await using var world = await Start();
        var requests = new PublicRequests(20261121, world.Slack.Options.SigningSecret, ForgeSecret, world.Clock);
        var waiting = new ConcurrentQueue<byte[]>(Enumerable.Range(0, Requests).Select(_ => requests.Next()));
        var answers = new ConcurrentBag<(int? Status, byte[] Request)>();

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            while (waiting.TryDequeue(out var request)) answers.Add((await Wire.Send(new IPEndPoint(IPAddress.Loopback, world.Url.Port), request, TestContext.Current.CancellationToken), request));
        }));

        answers.Where(a => a.Status is null or >= 500).Select(a => $"{a.Status}: {Head(a.Request)}").ShouldBeEmpty();
        // Some of each, or the requests were all of one kind.
        answers.Count(a => a.Status == 200).ShouldBeGreaterThan(Requests / 10);
        foreach (var status in (int[])[400, 401, 404, 405, 413, 415]) answers.ShouldContain(a => a.Status == status, $"{status}");
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(world.Url, "readyz"), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await world.Mention("say hello", user: Guest);
        await world.Slack.WaitForState(() => world.Slack.Ephemerals.Any(e => e.User == Guest), Patience);
    }

    private static string Head(byte[] request) => Encoding.Latin1.GetString(request, 0, Math.Min(request.Length, 1500));
}
