using System.Globalization;
using Bots.Engine.Telemetry;

namespace Bots.Gateway;

/// <summary>Asks a provider again when it says so, as long as the caller has got nothing yet.</summary>
internal sealed partial class ModelRetry(EngineMetrics metrics, TimeProvider time, ILogger<ModelRetry> log)
{
    private const int MostRetries = 3;

    /// <summary>Longer than this, the agent should know.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <param name="message">Makes the message of each attempt.</param>
    /// <param name="caller">Cancelled when the caller leaves: then nothing is repeated.</param>
    /// <param name="patience">How long an attempt that was made is awaited.</param>
    /// <returns>The provider's first answer that is not to be repeated, headers only; or the last one.</returns>
    public async Task<HttpResponseMessage> Send(HttpClient client, Func<HttpRequestMessage> message, string provider, CancellationToken caller, CancellationToken patience)
    {
        for (var retries = 0; ; retries++)
        {
            using var outgoing = message();
            var response = await client.SendAsync(outgoing, HttpCompletionOption.ResponseHeadersRead, patience);
            if (retries == MostRetries || Pause(response, time.GetUtcNow()) is not { } pause) return response;
            var status = (int)response.StatusCode;
            response.Dispose();
            if (status == 429) metrics.RateLimited(pause, "model");
            Again(provider, status, (long)pause.TotalMilliseconds);
            await Task.Delay(pause, time, caller);
        }
    }

    /// <returns>How long the provider wants us to wait before the same call; null when it shall not be repeated here.</returns>
    internal static TimeSpan? Pause(HttpResponseMessage response, DateTimeOffset now)
    {
        if ((int)response.StatusCode is not (429 or 503 or 529)) return null;
        if (First(response, "x-should-retry") is "false") return null;
        var pause = double.TryParse(First(response, "retry-after-ms"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < 1e9
            ? TimeSpan.FromMilliseconds(milliseconds)
            : response.Headers.RetryAfter switch
            {
                { Delta: { } delta } => delta,
                { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
                _ => (TimeSpan?)null,
            };
        return pause is { } some && some >= TimeSpan.Zero && some <= LongestPause ? some : null;
    }

    private static string? First(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    [LoggerMessage(LogLevel.Information, "The model provider {Provider} answered {Status} and wants the call again in {Milliseconds} ms")]
    private partial void Again(string provider, int status, long milliseconds);
}
