using System.Net;
using Bots.Engine.Surfaces;

namespace Bots.Slack;

/// <summary>What a failed Web API call means. Pure.</summary>
internal static class SlackErrors
{
    /// <summary>How long to leave alone what only an operator can mend: a revoked token, a wrong address.</summary>
    public static readonly TimeSpan UntilMended = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Shortly = TimeSpan.FromSeconds(1);

    /// <param name="idempotent">True when sending the call twice is the same as sending it once.</param>
    /// <param name="details">Slack's own validation messages.</param>
    public static SurfaceException Of(string method, string error, bool idempotent, IReadOnlyList<string>? details = null)
    {
        var text = details is { Count: > 0 } ? $"Slack answered {method} with {error}: {string.Join("; ", details.Take(5))}" : $"Slack answered {method} with {error}.";
        return error switch
        {
            "ratelimited" or "rate_limited" => new(SurfaceOutcome.Retry, text) { IsLimit = true },
            "message_limit_exceeded" => new(SurfaceOutcome.Retry, text, UntilMended),
            "internal_error" or "fatal_error" or "service_unavailable" or "request_timeout" or "team_added_to_org" => new(Doubt(idempotent), text, Shortly),
            "not_authed" or "invalid_auth" or "account_inactive" or "token_revoked" or "token_expired" =>
                new(SurfaceOutcome.Retry, text + " Check Slack:BotToken.", UntilMended),
            "missing_scope" => new(SurfaceOutcome.Rejected, text + " Add the scope to the Slack app and reinstall it."),
            _ => new(Final(error), text),
        };
    }

    /// <summary>For an answer whose HTTP status alone tells that it failed.</summary>
    public static SurfaceException Of(string method, HttpStatusCode status, TimeSpan? retryAfter, bool idempotent) => status switch
    {
        HttpStatusCode.TooManyRequests => new(SurfaceOutcome.Retry, $"Slack limits the rate of {method}.", retryAfter) { IsLimit = true },
        >= HttpStatusCode.InternalServerError => new(Doubt(idempotent), $"Slack answered {method} with HTTP {(int)status}.", retryAfter ?? Shortly),
        HttpStatusCode.RequestEntityTooLarge => new(SurfaceOutcome.Rejected, $"Slack answered {method} with HTTP {(int)status}."),
        _ => new(SurfaceOutcome.Retry, $"Slack answered {method} with HTTP {(int)status}. Check Slack:ApiUrl.", retryAfter ?? UntilMended),
    };

    /// <summary>For a call that got no answer, or one that cannot be read.</summary>
    public static SurfaceException Unanswered(string method, bool idempotent, Exception cause) =>
        new(Doubt(idempotent), $"{method} got no answer from Slack ({cause.GetType().Name}).", Shortly, cause);

    /// <summary>How long an answer that limits the rate asks to wait; null for any other.</summary>
    public static TimeSpan? Pause(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.TooManyRequests ? answer.Headers.RetryAfter?.Delta ?? Shortly : null;

    private static SurfaceOutcome Doubt(bool idempotent) => idempotent ? SurfaceOutcome.Retry : SurfaceOutcome.Unknown;

    private static SurfaceOutcome Final(string error) => error switch
    {
        "message_not_found" or "user_not_in_channel" or "user_not_found" or "users_not_found" or "user_not_visible" => SurfaceOutcome.Gone,
        "cant_update_message" or "edit_window_closed" => SurfaceOutcome.Fixed,
        "channel_not_found" or "is_archived" or "not_in_channel" or "is_inactive" or "messages_tab_disabled" => SurfaceOutcome.PlaceGone,
        "thread_not_found" or "invalid_thread_ts" or "cannot_reply_to_message" or "thread_locked" => SurfaceOutcome.PlaceGone,
        _ => error.StartsWith("restricted_action", StringComparison.Ordinal) ? SurfaceOutcome.PlaceGone : SurfaceOutcome.Rejected,
    };
}
