using System.Buffers;
using System.Text.Json;
using Bots.Engine.Intake;
using Bots.Engine.Telemetry;
using Bots.Telemetry;

namespace Bots.GitHub;

/// <summary>Where GitHub's webhooks arrive: verify, read the least, store, acknowledge.</summary>
public sealed partial class GitHubEndpoints(IInbox inbox, GitHubOptions options, EngineMetrics metrics, TimeProvider time, ILogger<GitHubEndpoints> logger)
{
    public const string Path = "/webhooks/github";

    /// <summary>GitHub sends nothing larger.</summary>
    public const int MostBytes = 25 * 1024 * 1024;

    private readonly LogPace _refusals = new(time);

    public async Task Receive(HttpContext context)
    {
        var (status, why) = await Take(context.Request, context.RequestAborted);
        context.Response.StatusCode = status;
        if (why is not null) await context.Response.WriteAsync(why, context.RequestAborted);
    }

    private async Task<(int Status, string? Why)> Take(HttpRequest request, CancellationToken cancellation)
    {
        var arrived = metrics.Arrived();
        // Looked at before the body, so that a stranger's 25 MiB are not even read.
        var signature = request.Headers[GitHubSignature.Header].ToString();
        if (signature.Length == 0) return Refused("the signature is missing");
        if (await Body(request, cancellation) is not { } body) return (StatusCodes.Status413PayloadTooLarge, "more than 25 MiB");
        if (!GitHubSignature.Matches(options.WebhookSecret, body, signature)) return Refused("the signature does not match");

        var (name, id) = (request.Headers["X-GitHub-Event"].ToString(), request.Headers["X-GitHub-Delivery"].ToString());
        if (name.Length == 0 || id.Length == 0) return (StatusCodes.Status400BadRequest, "X-GitHub-Event and X-GitHub-Delivery are needed");
        if (Parse(body) is not { } envelope) return (StatusCodes.Status400BadRequest, "not JSON; set the webhook's content type to application/json");
        if (!IsTaken(name, envelope.Action))
        {
            LogPassedOver(logger, name, envelope.Action, id);
            return (StatusCodes.Status200OK, null);
        }

        var isNew = await inbox.Append(new Delivery
        {
            Surface = GitHubSurface.SurfaceName, Id = id, HappeningKey = Happening(envelope), Kind = name, Body = body, ReceivedAt = time.GetUtcNow(),
        }, cancellation);
        metrics.Acknowledged(arrived, GitHubSurface.SurfaceName, isNew);
        LogStored(logger, name, envelope.Action, id, isNew);
        return (StatusCodes.Status202Accepted, null);
    }

    /// <summary>Whether a delivery is stored; all others are acknowledged and passed over.</summary>
    internal static bool IsTaken(string name, string? action) => name == GitHubReader.Event && action is ("created" or "edited");

    // A comment is written once, but is sent twice where both the App and the repository have a webhook. Edits have no id of their own.
    private static string? Happening(GitHubEnvelope envelope) =>
        envelope is { Action: "created", Comment: { } comment } ? $"{GitHubReader.Event}:{comment.Id}:created" : null;

    private (int, string?) Refused(string why)
    {
        if (_refusals.Admits(out var unsaid)) LogRefused(logger, why, unsaid);
        return (StatusCodes.Status401Unauthorized, why);
    }

    private static GitHubEnvelope? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, GitHubJson.Default.GitHubEnvelope);
        }
        catch (JsonException)
        {
            // The answer says it; GitHub's own page of recent deliveries shows the body.
            return null;
        }
    }

    /// <returns>Null when it is too large.</returns>
    private static async Task<byte[]?> Body(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MostBytes) return null;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            if (read.Buffer.Length > MostBytes) return null;
            if (read.IsCompleted)
            {
                var body = GC.AllocateUninitializedArray<byte>((int)read.Buffer.Length);
                read.Buffer.CopyTo(body);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A webhook on /webhooks/github was refused: {Why}. {Unsaid} others since the last line like this.")]
    private static partial void LogRefused(ILogger logger, string why, int unsaid);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Passed over {Event}.{Action} ({Delivery}).")]
    private static partial void LogPassedOver(ILogger logger, string @event, string? action, string delivery);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stored {Event}.{Action} ({Delivery}), new: {IsNew}.")]
    private static partial void LogStored(ILogger logger, string @event, string? action, string delivery, bool isNew);
}
