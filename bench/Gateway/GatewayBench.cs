using System.Text;
using Bots.Bench.Report;
using Microsoft.AspNetCore.Http;

namespace Bots.Bench.Gateway;

/// <summary>What the gateway adds to the first byte of a streamed answer, and how fast it copies. Client, gateway and server share this process and its cores.</summary>
public static class GatewayBench
{
    private const int WarmUps = 200;
    private const int Calls = 2000;
    private const long Large = 1L << 30;

    private static readonly TimeProvider Time = TimeProvider.System;

    /// <summary>One event of a stream, some 8 KB.</summary>
    private static readonly byte[] Event = Encoding.ASCII.GetBytes(
        """data: {"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"WORDS"}}]}""".Replace("WORDS", new string('x', 8000)) + "\n\n");

    private static readonly byte[] Noise = Pack();

    public static async Task<IReadOnlyList<Line>> Run()
    {
        await using var world = await GatewayWorld.Start(Answer);
        using var direct = world.Direct();
        using var through = world.Through();
        var (plain, passed) = (new List<double>(), new List<double>());
        // In turns, so that both meet the same machine.
        for (var call = 0; call < WarmUps + Calls; call++)
        {
            var (one, other) = (await FirstByte(direct, "/v1/chat/completions"), await FirstByte(through, "/llm/openai/chat/completions"));
            if (call < WarmUps) continue;
            plain.Add(one);
            passed.Add(other);
        }

        var (without, with) = (new Sample(plain), new Sample(passed));
        return
        [
            new("gateway: first byte of a streamed answer", with.Middle, "+2 ms at p50 and p95",
                $"without it {without.Middle}; +{Sample.Text(with.Median - without.Median)} · +{Sample.Text(with.P95 - without.P95)} ms",
                with.Median - without.Median < 2 && with.P95 - without.P95 < 2),
            await Copied("gateway: a streamed answer of 1 GiB", direct, "/v1/chat/completions?large", through, "/llm/openai/chat/completions?large"),
            await Copied("gateway: a pack of 1 GiB fetched", direct, "/acme/widgets.git/git-upload-pack", through, "/git/acme/widgets.git/git-upload-pack"),
        ];
    }

    private static async Task<Line> Copied(string what, HttpClient direct, string directly, HttpClient through, string path)
    {
        await Read(through, path, Large / 8);
        var (plain, passed) = (await Read(direct, directly, Large), await Read(through, path, Large));
        return new(what, $"{passed:0} MB/s", "> 500 MB/s", $"without it {plain:0} MB/s · {passed / plain:0.00} ×", passed > 500);
    }

    private static async Task<double> FirstByte(HttpClient client, string path)
    {
        var started = Time.GetTimestamp();
        using var request = Request(path);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        var buffer = new byte[16 * 1024];
        if (await body.ReadAsync(buffer) == 0) throw new InvalidOperationException("There was no answer.");
        var taken = Time.GetElapsedTime(started).TotalMilliseconds;
        while (await body.ReadAsync(buffer) > 0) continue;
        return taken;
    }

    /// <returns>Millions of bytes in a second.</returns>
    private static async Task<double> Read(HttpClient client, string path, long most)
    {
        using var request = Request(path);
        var started = Time.GetTimestamp();
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        var buffer = new byte[256 * 1024];
        var total = 0L;
        while (total < most && await body.ReadAsync(buffer) is > 0 and var count) total += count;
        return total / 1e6 / Time.GetElapsedTime(started).TotalSeconds;
    }

    private static HttpRequestMessage Request(string path) => new(HttpMethod.Post, path)
    {
        Content = new StringContent("""{"model":"bench","stream":true,"stream_options":{"include_usage":true},"messages":[]}""", Encoding.UTF8, "application/json"),
    };

    private static async Task Answer(HttpContext context)
    {
        var git = context.Request.Path.Value!.EndsWith("git-upload-pack", StringComparison.Ordinal);
        var piece = git ? Noise : Event;
        context.Response.ContentType = git ? "application/x-git-upload-pack-result" : "text/event-stream";
        var pieces = git || context.Request.QueryString.HasValue ? Large / piece.Length : 4;
        for (var i = 0L; i < pieces; i++) await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        if (!git) await context.Response.Body.WriteAsync("data: {\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n"u8.ToArray(), context.RequestAborted);
    }

    private static byte[] Pack()
    {
        var bytes = new byte[64 * 1024];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
