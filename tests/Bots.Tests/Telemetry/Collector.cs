using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.Telemetry;

/// <summary>Takes what is exported to it by OTLP over HTTP, as a collector does.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private TaskCompletionSource _more = New();
    private ImmutableList<(string Path, byte[] Body)> _taken = [];

    private Collector(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public IReadOnlyList<ExportedSpan> Spans => [.. Volatile.Read(ref _taken).Where(t => t.Path == "/v1/traces").SelectMany(t => ExportedSpan.Read(t.Body))];

    public IReadOnlyList<ExportedLine> Lines => [.. Volatile.Read(ref _taken).Where(t => t.Path == "/v1/logs").SelectMany(t => ExportedLine.Read(t.Body))];

    /// <summary>Settings of a service that exports to here, and does so often.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url.ToString().TrimEnd('/'), ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50", ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    public static async Task<Collector> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var collector = new Collector(app);
        app.MapPost("/v1/{signal}", collector.Take);
        await app.StartAsync();
        return collector;
    }

    /// <summary>All that was exported to a path, as letters: names and values of protobuf stand there as they are.</summary>
    public string Text(string path) => string.Concat(Volatile.Read(ref _taken).Where(t => t.Path == path).Select(t => Encoding.Latin1.GetString(t.Body)));

    /// <summary>Waits until something is true of what was exported.</summary>
    public async Task Until(Func<bool> condition)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(EndToEnd.Installation.Patience);
        while (true)
        {
            var more = Volatile.Read(ref _more).Task;
            if (condition()) return;
            await more.WaitAsync(late.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        ImmutableInterlocked.Update(ref _taken, taken => taken.Add((context.Request.Path, body.ToArray())));
        context.Response.ContentType = "application/x-protobuf";
        Interlocked.Exchange(ref _more, New()).TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
