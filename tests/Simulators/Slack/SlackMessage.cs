using System.Collections.Immutable;
using System.Text.Json;

namespace Bots.Simulators.Slack;

/// <summary>A message as it is at one moment; it does not change under your hands.</summary>
public sealed record SlackMessage
{
    public required string Channel { get; init; }

    public required string Ts { get; init; }

    /// <summary>The thread it is a reply in; null for a message of the channel itself.</summary>
    public string? ThreadTs { get; init; }

    public required string User { get; init; }

    /// <summary>Set for what the app posted.</summary>
    public string? BotId { get; init; }

    public required string Text { get; init; }

    public JsonElement? Blocks { get; init; }

    /// <summary><c>event_type</c> and <c>event_payload</c>.</summary>
    public JsonElement? Metadata { get; init; }

    public ImmutableList<SlackReaction> Reactions { get; init; } = [];

    /// <summary>Every content it had, the first and the present one included.</summary>
    public required ImmutableList<SlackRevision> Revisions { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>A reply that also shows in the channel.</summary>
    public bool IsBroadcast { get; init; }

    public string? ClientMessageId { get; init; }

    public int Edits => Revisions.Count - 1;

    public bool IsReply => ThreadTs is not null && ThreadTs != Ts;

    /// <summary>Text and everything readable in the blocks, for looking for words.</summary>
    public string Everything => Blocks is { } blocks ? $"{Text}\n{blocks.GetRawText()}" : Text;
}

public sealed record SlackReaction(string Name, ImmutableList<string> Users);

public sealed record SlackRevision(DateTimeOffset At, string Text, JsonElement? Blocks);

/// <summary>A message that only one person sees.</summary>
public sealed record SlackEphemeral
{
    public required string Channel { get; init; }

    /// <summary>Who sees it.</summary>
    public required string User { get; init; }

    public required string Ts { get; init; }

    public string? ThreadTs { get; init; }

    public required string Text { get; init; }

    public JsonElement? Blocks { get; init; }

    public bool IsDeleted { get; init; }
}

/// <summary>A modal.</summary>
public sealed record SlackView
{
    public required string Id { get; init; }

    /// <summary>Whose screen it is on.</summary>
    public required string User { get; init; }

    /// <summary>The view as the app sent it, block ids filled in.</summary>
    public required JsonElement Content { get; init; }

    public required string Hash { get; init; }

    public required string RootId { get; init; }

    public string? PreviousId { get; init; }

    public bool IsOpen { get; init; } = true;

    public string CallbackId => Content.TryGetProperty("callback_id", out var id) ? id.GetString() ?? "" : "";

    public string Title => Content.GetProperty("title").GetProperty("text").GetString()!;
}

/// <summary>A call of the Web API and its answer.</summary>
/// <param name="Args">As they came, nested JSON of forms decoded; without the token.</param>
/// <param name="Status">Null when the connection was dropped before any effect.</param>
/// <param name="Response">The answer's body; also when it was lost on its way.</param>
public sealed record SlackCall(string Method, JsonElement Args, DateTimeOffset At, int? Status, string? Response)
{
    /// <summary>The error code, or null.</summary>
    public string? Error => Response is { } json && JsonDocument.Parse(json).RootElement.TryGetProperty("error", out var e) ? e.GetString() : null;
}
