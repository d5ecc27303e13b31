using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Tests.GitHub;

internal sealed record Received(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Event => Headers["X-GitHub-Event"];

    public JsonNode Json => JsonNode.Parse(Encoding.UTF8.GetString(Body))!;

    public string Name => Json["action"] is { } action ? $"{Event}.{action}" : Event;
}

/// <summary>Takes webhooks, as the app would.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly ConcurrentQueue<Received> _received = [];

    private WebhookReceiver(WebApplication host) => _host = host;

    public Uri Url => new(_host.Urls.Single() + "/webhooks/github");

    public int Status { get; set; } = 202;

    public IReadOnlyList<Received> Received => [.. _received];

    public IEnumerable<string> Names => Received.Select(r => r.Name);

    public static async Task<WebhookReceiver> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var receiver = new WebhookReceiver(builder.Build());
        receiver._host.Run(receiver.Take);
        await receiver._host.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _received.Enqueue(new Received(
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        http.Response.StatusCode = Status;
    }
}
