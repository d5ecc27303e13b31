using Bots.Bench.Report;

namespace Bots.Bench.Ack;

/// <summary>What a load came to.</summary>
/// <param name="PerSecond">Acknowledgements in a second.</param>
/// <param name="Acknowledged">How many were answered with success; anything else ends the run.</param>
/// <param name="Pause">The longest time in which nothing was acknowledged although something was asked, in milliseconds.</param>
public sealed record LoadResult(Sample Latency, double PerSecond, int Acknowledged, double Pause);

/// <summary>Sends requests that were made and signed before, over connections that are kept.</summary>
public static class Load
{
    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>Closed loop: each connection sends its next request when the last was acknowledged; ends with the requests or the time.</summary>
    /// <param name="again">Begins anew with the first request after the last; only for who does not remember them.</param>
    public static async Task<LoadResult> Peak(Uri url, IReadOnlyList<SignedRequest> requests, int connections, TimeSpan longest, bool again = false)
    {
        using var client = Client(connections);
        var taken = -1;
        var start = Time.GetTimestamp();
        var pauses = new Pauses(Time);
        async Task<List<double>> Connection()
        {
            var latencies = new List<double>(requests.Count / connections + 1);
            while (Interlocked.Increment(ref taken) is var next && (again || next < requests.Count) && Time.GetElapsedTime(start) < longest)
            {
                var sent = Time.GetTimestamp();
                await Send(client, requests[next % requests.Count], url);
                latencies.Add(Time.GetElapsedTime(sent).TotalMilliseconds);
                pauses.Acknowledged();
            }

            return latencies;
        }

        var all = (await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(Connection)))).SelectMany(l => l).ToList();
        return new LoadResult(new Sample(all), all.Count / Time.GetElapsedTime(start).TotalSeconds, all.Count, pauses.Longest);
    }

    /// <summary>
    /// Open loop: requests are sent when they are due, whether or not earlier ones were acknowledged. The latency counts from the moment
    /// a request was due, so a stall is charged to every request that it held up; that includes up to 1 ms of our own. A thread waits
    /// between them, since .NET's timers are as coarse as the kernel's ticks: 4 ms are usual.
    /// </summary>
    public static async Task<LoadResult> Offered(Uri url, IReadOnlyList<SignedRequest> requests, int perSecond, int connections)
    {
        using var client = Client(connections);
        using var never = new ManualResetEvent(false);
        var sending = new List<Task<double>>(requests.Count);
        var start = Time.GetTimestamp();
        var pauses = new Pauses(Time);
        async Task<double> SendDue(int number)
        {
            await Send(client, requests[number], url);
            pauses.Acknowledged();
            return Time.GetElapsedTime(start).TotalMilliseconds - number * 1000.0 / perSecond;
        }

        void SendAll()
        {
            while (sending.Count < requests.Count)
            {
                var due = Math.Min((int)(Time.GetElapsedTime(start).TotalSeconds * perSecond) + 1, requests.Count);
                while (sending.Count < due) sending.Add(SendDue(sending.Count));
                never.WaitOne(1);
            }
        }

        await Task.Factory.StartNew(SendAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var latencies = await Task.WhenAll(sending);
        return new LoadResult(new Sample(latencies), latencies.Length / Time.GetElapsedTime(start).TotalSeconds, latencies.Length, pauses.Longest);
    }

    private static HttpMessageInvoker Client(int connections) =>
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = connections });

    private static async Task Send(HttpMessageInvoker client, SignedRequest signed, Uri url)
    {
        using var request = signed.For(url);
        using var response = await client.SendAsync(request, CancellationToken.None);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{url} answered {(int)response.StatusCode}.");
    }
}
