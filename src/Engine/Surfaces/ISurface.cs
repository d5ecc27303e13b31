using Bots.Engine.Sessions;

namespace Bots.Engine.Surfaces;

/// <summary>A place where people see sessions. Rendering is pure; the reconciler alone decides when to send.</summary>
public interface ISurface
{
    /// <summary>The surface's name, as in <see cref="ConversationKey.Surface"/>.</summary>
    string Name { get; }

    /// <summary>The least time between two edits in one conversation that are not urgent.</summary>
    TimeSpan EditInterval { get; }

    /// <summary>Everything this conversation should show of the session, in the order in which it is posted. Pure.</summary>
    IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now);

    /// <summary>How a notice looks here. Pure.</summary>
    SurfaceMessage Render(Notice notice);

    /// <summary>A message in the simplest form there is, for when the surface rejects it as it is; null when there is none. Pure.</summary>
    SurfaceMessage? Plain(SurfaceMessage message) => null;

    /// <summary>
    /// Asked before each post and edit: zero when it may be sent now, which is counted; else how long until it is worth asking again. By then the message may
    /// have become another.
    /// </summary>
    /// <param name="urgent">People wait for it: it goes before what they could do without.</param>
    TimeSpan Admit(ConversationKey conversation, SurfaceMessage message, bool isEdit, bool urgent) => TimeSpan.Zero;

    /// <summary>Posts a message that was never posted.</summary>
    /// <returns>The surface's id of it.</returns>
    /// <exception cref="SurfaceException">It was not posted, or nobody knows: see <see cref="SurfaceException.Outcome"/>.</exception>
    Task<string> Post(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation);

    /// <summary>Brings a posted message to new content. Idempotent.</summary>
    Task Edit(ConversationKey conversation, string remoteId, SurfaceMessage message, CancellationToken cancellation);

    /// <summary>Looks for a message whose post was never answered.</summary>
    /// <returns>Its id, or null when it is certainly not there.</returns>
    Task<string?> Find(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation);

    /// <summary>A conversation that does not exist yet and is opened by its first message.</summary>
    /// <param name="place">The surface's id of the place (a Slack channel).</param>
    Task<ConversationKey> NewConversation(string place, CancellationToken cancellation);

    /// <summary>The real key of a conversation from <see cref="NewConversation"/> once its first message has an id; null for a conversation that is real already.</summary>
    ConversationKey? Opened(ConversationKey conversation, string remoteId);
}

/// <summary>One message as it should be.</summary>
public sealed record SurfaceMessage
{
    /// <summary>Stable over the life of the message and unique in its conversation, e.g. <c>prompt:prm_…</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The surface's own wire form (Block Kit JSON, Markdown). Two equal contents look equal.</summary>
    public required string Content { get; init; }

    /// <summary>Sent at once, without regard to <see cref="ISurface.EditInterval"/>: permission requests and final states.</summary>
    public bool Urgent { get; init; }

    /// <summary>False for what can only be posted: reactions, private answers.</summary>
    public bool Editable { get; init; } = true;

    /// <summary>
    /// Names what it shows that people wait for (an answer, a question): where the message is gone before it showed that, it is posted once more. Null
    /// when people can do without.
    /// </summary>
    public string? Awaited { get; init; }

    /// <summary>True for the message that shows how its prompt goes on.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>The prompt it tells of; null where there is none.</summary>
    public PromptId? Prompt { get; init; }

    /// <summary>The traceparent it goes on with, where that is not its prompt's.</summary>
    internal string? Trace { get; init; }
}

/// <summary>A plain message that belongs to no prompt: a refusal, a hint, a late click's answer.</summary>
/// <param name="Id">Unique; also the key of its message: <c>notice:{Id}</c>.</param>
/// <param name="Private">Only this person should see it, where the surface can do so.</param>
public sealed record Notice(string Id, ConversationKey Conversation, string Text, Person? Private)
{
    /// <summary>The traceparent of what it comes from; null where nobody traced.</summary>
    public string? Trace { get; init; }
}

/// <summary>What is known of a call that failed.</summary>
public enum SurfaceOutcome
{
    /// <summary>It had no effect; try again, not before <see cref="SurfaceException.RetryAfter"/>.</summary>
    Retry,

    /// <summary>It may have had its effect: look before sending again.</summary>
    Unknown,

    /// <summary>It had no effect and never will: the message was deleted, the one it is meant for is not there.</summary>
    Gone,

    /// <summary>The message stands there as it is, and can be changed no more.</summary>
    Fixed,

    /// <summary>The whole place is gone or closed: a thread was deleted, a channel archived, the bot removed.</summary>
    PlaceGone,

    /// <summary>The surface rejects it as it is; sending it again cannot help.</summary>
    Rejected,
}

/// <summary>A surface did not take a message. The text is for operators and holds no secret.</summary>
public sealed class SurfaceException(SurfaceOutcome outcome, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public SurfaceOutcome Outcome { get; } = outcome;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>There were too many calls, and everybody has to wait for <see cref="RetryAfter"/>; nothing is wrong otherwise.</summary>
    public bool IsLimit { get; init; }

    /// <summary>Trying again cannot help.</summary>
    public bool IsFinal => Outcome is not (SurfaceOutcome.Retry or SurfaceOutcome.Unknown);
}
