using Bots.Engine.Intake;
using Bots.Engine.Sessions;

namespace Bots.Engine.Prompts;

/// <summary>A prompt's row: what is needed to run it and to go on with it after a restart.</summary>
public sealed record PromptRow
{
    public required PromptId Id { get; init; }

    public required SessionId SessionId { get; init; }

    public required Person Author { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<Material> Material { get; init; }

    public required PromptState State { get; init; }

    /// <summary>HEAD when its turn began.</summary>
    public string? StartCommit { get; init; }

    /// <summary>JSON-RPC id of the outstanding <c>session/prompt</c>; null before it was sent.</summary>
    public long? RequestId { get; init; }

    /// <summary>Set when the agent's turn is over and only the platform's part is left.</summary>
    public string? StopReason { get; init; }

    /// <summary>Who asked to stop it.</summary>
    public Person? StoppedBy { get; init; }

    /// <summary>How often its turn was begun anew after its sandbox was lost.</summary>
    public long Tries { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its turn began; null before that, and in rows of an earlier version.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The traceparent of the span that queued it; null where nobody traced.</summary>
    public string? Trace { get; init; }
}
