using System.Net;
using Bots.Engine.Telemetry;

namespace Bots.Telemetry;

/// <summary>Counts how often, and for how long, an API asks to be left alone. The answers go on unchanged.</summary>
/// <param name="by">Whose API it is: a surface's name.</param>
/// <param name="pause">How long an answer asks for; null where it asks for nothing.</param>
internal sealed class RateLimitMeter(EngineMetrics metrics, string by, Func<HttpResponseMessage, TimeSpan?> pause) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.Forbidden && pause(response) is { } asked) metrics.RateLimited(asked, by);
        return response;
    }
}
