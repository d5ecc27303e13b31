using System.Text.Json;

namespace Bots.Slack.Wire;

internal sealed record PostMessageRequest
{
    public required string Channel { get; init; }

    public string? ThreadTs { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<Block> Blocks { get; init; }

    public SlackMetadata? Metadata { get; init; }

    /// <summary>Slack is to find no mentions or links of its own in what an agent wrote.</summary>
    public string Parse { get; init; } = "none";

    public bool LinkNames { get; init; }

    public bool UnfurlLinks { get; init; }

    public bool UnfurlMedia { get; init; }
}

internal sealed record UpdateMessageRequest
{
    public required string Channel { get; init; }

    public required string Ts { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<Block> Blocks { get; init; }

    public string Parse { get; init; } = "none";

    public bool LinkNames { get; init; }
}

internal sealed record PostEphemeralRequest
{
    public required string Channel { get; init; }

    public required string User { get; init; }

    public string? ThreadTs { get; init; }

    public required string Text { get; init; }

    public string Parse { get; init; } = "none";

    public bool LinkNames { get; init; }
}

internal sealed record AddReactionRequest(string Channel, string Timestamp, string Name);

internal sealed record OpenViewRequest(string TriggerId, ModalView View);

/// <summary>Marks a message as ours; every app of the workspace can read it.</summary>
internal sealed record SlackMetadata(string EventType, SlackMark EventPayload)
{
    private const string OurType = "bots_message";

    public static SlackMetadata Of(string key) => new(OurType, new SlackMark(key));

    /// <summary>Whether a message's metadata, which may be any app's, is ours for that key.</summary>
    public static bool Marks(JsonElement? metadata, string key) =>
        metadata is { ValueKind: JsonValueKind.Object } ours
        && ours.TryGetProperty("event_type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals(OurType)
        && ours.TryGetProperty("event_payload", out var payload) && payload.ValueKind == JsonValueKind.Object
        && payload.TryGetProperty("key", out var found) && found.ValueKind == JsonValueKind.String && found.ValueEquals(key);
}

internal sealed record SlackMark(string Key);
