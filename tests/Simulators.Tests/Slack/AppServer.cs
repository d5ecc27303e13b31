using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Tests.Slack;

/// <summary>The app's side: takes what Slack sends and answers as a test tells it to.</summary>
internal sealed class AppServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private ImmutableList<Received> _received = [];

    private AppServer(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    public ChangeSignal Changes { get; } = new();

    public IReadOnlyList<Received> All => _received;

    /// <summary>Answers the n-th request (from 0).</summary>
    public Func<int, Received, HttpContext, Task> Answer { get; set; } = (_, _, _) => Task.CompletedTask;

    public static async Task<AppServer> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new AppServer(builder.Build());
        server._app.Run(server.Take);
        await server._app.StartAsync();
        server.Url = new Uri(server._app.Urls.Single());
        return server;
    }

    public async Task<IReadOnlyList<Received>> Count(int count)
    {
        await Changes.WaitFor(() => _received.Count >= count ? this : null, TimeSpan.FromSeconds(10), () => $"Received {_received.Count} of {count}.");
        return _received;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var received = new Received(await reader.ReadToEndAsync(), context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        var number = -1;
        ImmutableInterlocked.Update(ref _received, all =>
        {
            number = all.Count;
            return all.Add(received);
        });
        Changes.Raise();
        await Answer(number, received, context);
    }
}

internal sealed record Received(string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public JsonElement Event => Json.GetProperty("event");

    /// <summary>The payload of an interaction.</summary>
    public JsonElement Payload => JsonSerializer.Deserialize<JsonElement>(Uri.UnescapeDataString(Body["payload=".Length..]));
}
