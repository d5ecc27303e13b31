using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Bots.Engine.Forges;
using Bots.Engine.Surfaces;
using Bots.Surfaces;

namespace Bots.GitHub;

/// <summary>GitHub did not do what was asked. The message holds no secret and may be shown to people.</summary>
/// <param name="status">Null when no answer came.</param>
public sealed class GitHubException(SurfaceOutcome outcome, HttpStatusCode? status, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public SurfaceOutcome Outcome { get; } = outcome;

    public HttpStatusCode? Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>There were too many calls; nothing is wrong otherwise.</summary>
    public bool IsLimit { get; init; }

    /// <summary>The same, with another time to wait.</summary>
    public GitHubException Waiting(TimeSpan pause) => new(Outcome, Status, Message, pause, InnerException) { IsLimit = IsLimit };

    public SurfaceException ToSurface() => new(Outcome, Message, RetryAfter, this) { IsLimit = IsLimit };

    /// <param name="doing">What was tried, to stand before the cause: "open the pull request".</param>
    public ForgeException ToForge(string doing) =>
        new($"GitHub would not {doing}: {Message}", Outcome is SurfaceOutcome.Retry or SurfaceOutcome.Unknown, this) { RetryAfter = Status is HttpStatusCode.Unauthorized ? null : RetryAfter };
}

/// <summary>What an answer of GitHub's that is no success means.</summary>
public static class GitHubFailure
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromMinutes(1);

    /// <param name="repeatable">False when doing it twice would show twice.</param>
    public static GitHubException Of(HttpStatusCode status, HttpResponseHeaders headers, string body, bool repeatable, DateTimeOffset now)
    {
        var message = Message(status, body);
        var pause = Pause(headers, now);
        return status switch
        {
            HttpStatusCode.TooManyRequests => new(SurfaceOutcome.Retry, status, message, pause) { IsLimit = true },
            HttpStatusCode.Forbidden when pause is not null || message.Contains("rate limit", StringComparison.OrdinalIgnoreCase) =>
                new(SurfaceOutcome.Retry, status, message, pause) { IsLimit = true },
            HttpStatusCode.Unauthorized => new(SurfaceOutcome.Retry, status, message, LeastPause),
            HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnavailableForLegalReasons => new(SurfaceOutcome.Gone, status, message),
            HttpStatusCode.Conflict or HttpStatusCode.RequestTimeout => new(SurfaceOutcome.Retry, status, message),
            >= HttpStatusCode.InternalServerError => new(repeatable ? SurfaceOutcome.Retry : SurfaceOutcome.Unknown, status, message, pause),
            _ => new(SurfaceOutcome.Rejected, status, message),
        };
    }

    /// <summary>When no answer, or no readable one, came.</summary>
    public static GitHubException Of(Exception cause, bool repeatable)
    {
        var neverSent = cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
        var outcome = repeatable || neverSent ? SurfaceOutcome.Retry : SurfaceOutcome.Unknown;
        return new(outcome, null, cause is OperationCanceledException ? "no answer in time" : "no readable answer", inner: cause);
    }

    /// <summary>How long until calls are counted anew, where there is none left; null where there are some.</summary>
    public static TimeSpan? Spent(HttpResponseHeaders headers, DateTimeOffset now) =>
        First(headers, "x-ratelimit-remaining") == "0" && long.TryParse(First(headers, "x-ratelimit-reset"), CultureInfo.InvariantCulture, out var reset)
        && DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(reset, 0, uint.MaxValue)) - now is var left && left > TimeSpan.Zero
            ? left : null;

    private static TimeSpan? Pause(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var pause = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ when First(headers, "x-ratelimit-remaining") == "0" && long.TryParse(First(headers, "x-ratelimit-reset"), CultureInfo.InvariantCulture, out var reset)
                => DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(reset, 0, uint.MaxValue)) - now,
            _ => (TimeSpan?)null,
        };
        return pause < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : pause;
    }

    private static string? First(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static string Message(HttpStatusCode status, string body)
    {
        var error = Parse(body);
        var details = error?.Errors?.Select(e => e.Message ?? $"{e.Field} {e.Code}".Trim()).Where(m => m.Length > 0) ?? [];
        var text = string.Join("; ", [error?.Message ?? status.ToString(), .. details]);
        return $"{VisibleText.Shorten(text, 300)} ({(int)status})";
    }

    private static GitHubError? Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, GitHubJson.Default.GitHubError);
        }
        catch (JsonException)
        {
            // Not GitHub's own answer (a proxy's page); the status has to do.
            return null;
        }
    }
}
