using System.Text;
using Bots.Engine.Intake;
using Bots.Engine.Telemetry;
using Bots.Telemetry;
using Microsoft.Extensions.Options;

namespace Bots.Slack;

/// <summary>Slack's front door: verifies, stores, acknowledges. What a request means is <see cref="SlackReader"/>'s business.</summary>
internal sealed partial class SlackEndpoints(IInbox inbox, IOptions<SlackOptions> options, EngineMetrics metrics, TimeProvider time, ILogger<SlackEndpoints> logger)
{
    private const string CommandAnswer =
        """{"response_type":"ephemeral","text":"There are no commands yet. Mention me in a channel or write me a direct message, and say what you would like done."}""";

    private readonly LogPace _refusals = new(time);
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(options.Value.SigningSecret ?? "");

    /// <summary>Events API, <c>application/json</c>.</summary>
    public async Task Events(HttpContext http)
    {
        var arrived = metrics.Arrived();
        if (await Verified(http, "application/json") is not { } body) return;
        if (!SlackEnvelope.TryRead(body, out var envelope))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        else if (envelope is { Type: "url_verification", Challenge: { } challenge })
        {
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync(challenge, http.RequestAborted);
        }
        else if (envelope is { Type: "event_callback", EventId: { Length: > 0 } id })
        {
            await Store(http, arrived, id, envelope.HappeningKey, envelope.Type, body);
        }
        else
        {
            LogPassedOver(envelope.Type);
        }
    }

    /// <summary>Clicks and modals, <c>application/x-www-form-urlencoded</c>. The empty answer closes a submitted modal.</summary>
    public async Task Interactivity(HttpContext http)
    {
        var arrived = metrics.Arrived();
        if (await Verified(http, "application/x-www-form-urlencoded") is not { } body) return;
        if (SlackForm.Field(body, "payload"u8) is not { } payload || SlackForm.TypeOf(payload) is not { } type)
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        else if (type is "block_actions" or "view_submission")
            await Store(http, arrived, SlackForm.IdOf(payload), null, type, body);
        else
            LogPassedOver(type);
    }

    /// <summary>Slash commands: a friendly pointer, seen by the asker only.</summary>
    public async Task Commands(HttpContext http)
    {
        if (await Verified(http, "application/x-www-form-urlencoded") is null) return;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.WriteAsync(CommandAnswer, http.RequestAborted);
    }

    /// <summary>Slack looks at the certificate from time to time, with an unsigned request that asks for nothing.</summary>
    public static Task SslCheck(HttpContext http)
    {
        if (!http.Request.Query.ContainsKey("ssl_check")) http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }

    private async Task Store(HttpContext http, long arrived, string id, string? happening, string kind, byte[] body)
    {
        var delivery = new Delivery
        {
            Surface = SlackPlace.Surface, Id = id, HappeningKey = happening, Kind = kind, Body = body, ReceivedAt = time.GetUtcNow(),
        };
        var isNew = await inbox.Append(delivery, http.RequestAborted);
        metrics.Acknowledged(arrived, SlackPlace.Surface, isNew);
        if (!isNew) LogRepeated(id);
    }

    /// <returns>The body; null when the request was answered already.</returns>
    private async Task<byte[]?> Verified(HttpContext http, string mediaType)
    {
        if (await SlackBody.Read(http.Request, http.RequestAborted) is not { } body) return Refuse(http, StatusCodes.Status413PayloadTooLarge);
        if (IsSslCheck(mediaType, body)) return null;
        var verdict = SlackSignature.Verify(
            _secret, Single(http.Request, SlackSignature.TimestampHeader), Single(http.Request, SlackSignature.SignatureHeader), body, time.GetUtcNow());
        if (verdict != SlackVerdict.Valid)
        {
            if (_refusals.Admits(out var unsaid)) LogRefused(http.Request.Path, verdict, unsaid);
            return Refuse(http, StatusCodes.Status401Unauthorized);
        }

        return HasType(http.Request, mediaType) ? body : Refuse(http, StatusCodes.Status415UnsupportedMediaType);
    }

    private static bool IsSslCheck(string mediaType, byte[] body) =>
        mediaType != "application/json" && SlackForm.Field(body, "payload"u8) is null && SlackForm.Field(body, "ssl_check"u8) is [(byte)'1'];

    private static byte[]? Refuse(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return null;
    }

    private static string? Single(HttpRequest request, string header) => request.Headers[header] is [{ } value] ? value : null;

    private static bool HasType(HttpRequest request, string mediaType) =>
        request.ContentType is not { } type || type.AsSpan(0, type.IndexOf(';') is >= 0 and var end ? end : type.Length).Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(LogLevel.Warning, "Refused a request to {Path}: its signature is {Verdict}. If these are Slack's, compare Slack:SigningSecret and the clock. {Unsaid} others since the last line like this.")]
    private partial void LogRefused(PathString path, SlackVerdict verdict, int unsaid);

    [LoggerMessage(LogLevel.Information, "Passed over a Slack request of type {Type}.")]
    private partial void LogPassedOver(string? type);

    [LoggerMessage(LogLevel.Debug, "Slack delivery {Id} was stored before.")]
    private partial void LogRepeated(string id);
}
