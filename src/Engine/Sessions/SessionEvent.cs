using System.Text.Json.Serialization;
using Bots.Engine.Intake;

namespace Bots.Engine.Sessions;

/// <summary>Something that happened to a session. The log of these is the single source of every picture of it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(SessionOpened), "session.opened")]
[JsonDerivedType(typeof(ConversationBound), "conversation.bound")]
[JsonDerivedType(typeof(RepositoryAsked), "repository.asked")]
[JsonDerivedType(typeof(RepositoryChosen), "repository.chosen")]
[JsonDerivedType(typeof(PromptQueued), "prompt.queued")]
[JsonDerivedType(typeof(PromptStarted), "prompt.started")]
[JsonDerivedType(typeof(PromptFinished), "prompt.finished")]
[JsonDerivedType(typeof(StopAsked), "prompt.stop_asked")]
[JsonDerivedType(typeof(StageChanged), "stage.changed")]
[JsonDerivedType(typeof(AgentText), "agent.text")]
[JsonDerivedType(typeof(AgentThought), "agent.thought")]
[JsonDerivedType(typeof(PlanChanged), "agent.plan")]
[JsonDerivedType(typeof(ToolCallChanged), "agent.tool_call")]
[JsonDerivedType(typeof(AgentUpdate), "agent.update")]
[JsonDerivedType(typeof(PermissionAsked), "permission.asked")]
[JsonDerivedType(typeof(PermissionDecided), "permission.decided")]
[JsonDerivedType(typeof(ChangesPushed), "changes.pushed")]
[JsonDerivedType(typeof(PullRequestOpened), "pull_request.opened")]
[JsonDerivedType(typeof(UsageRecorded), "usage.recorded")]
[JsonDerivedType(typeof(ConversationLost), "conversation.lost")]
[JsonDerivedType(typeof(Noted), "note")]
public abstract record SessionEvent
{
    private SessionEvent()
    {
    }

    /// <summary>The session began. The target is null until somebody has chosen a repository.</summary>
    public sealed record SessionOpened(string Agent, string? Model, WorkTarget? Target) : SessionEvent;

    /// <summary>A conversation shows this session from now on.</summary>
    public sealed record ConversationBound(ConversationKey Conversation) : SessionEvent;

    /// <summary>The place of a conversation is gone or closed: nothing is shown there any more, until somebody asks there again.</summary>
    /// <param name="Why">What the surface said.</param>
    public sealed record ConversationLost(ConversationKey Conversation, string Why) : SessionEvent;

    /// <summary>Nobody could tell which repository is meant; people are asked to pick one.</summary>
    public sealed record RepositoryAsked(IReadOnlyList<RepositoryCandidate> Candidates) : SessionEvent;

    /// <param name="By">Null when the classifier decided.</param>
    /// <param name="Why">In words people read: "named in the message", "bound to this channel", "chosen by Ana".</param>
    public sealed record RepositoryChosen(WorkTarget Target, Person? By, string Why) : SessionEvent;

    /// <param name="Ahead">How many prompts run or wait before it, at the time it was queued.</param>
    /// <param name="Conversation">Where it was asked, and where it is answered.</param>
    /// <param name="Message">The asking message's id on that surface, if there is one.</param>
    public sealed record PromptQueued(PromptId Prompt, Person Author, string Text, int Ahead, ConversationKey Conversation, string? Message) : SessionEvent;

    public sealed record PromptStarted(PromptId Prompt) : SessionEvent;

    /// <param name="Cause">For failed and cancelled ones: what happened and what to do about it, in words people read.</param>
    public sealed record PromptFinished(PromptId Prompt, PromptState State, string? Cause) : SessionEvent;

    public sealed record StopAsked(PromptId Prompt, Person By) : SessionEvent;

    /// <summary>What the platform does for a prompt when the agent does not: "starting the sandbox", "cloning", "pushing".</summary>
    public sealed record StageChanged(PromptId Prompt, string Stage) : SessionEvent;

    /// <summary>A piece of the answer; pieces of one prompt are joined as they come.</summary>
    public sealed record AgentText(PromptId Prompt, string Text) : SessionEvent;

    public sealed record AgentThought(PromptId Prompt, string Text) : SessionEvent;

    /// <summary>The whole plan, each time.</summary>
    public sealed record PlanChanged(PromptId Prompt, IReadOnlyList<PlanEntry> Entries) : SessionEvent;

    /// <summary>The whole state of a tool call, each time it changes.</summary>
    public sealed record ToolCallChanged(PromptId Prompt, ToolCall Call) : SessionEvent;

    /// <summary>Anything else the agent announced (modes, commands, session info, kinds nobody knows yet), as it came.</summary>
    public sealed record AgentUpdate(PromptId? Prompt, string Kind, System.Text.Json.JsonElement Update) : SessionEvent;

    /// <param name="Words">Null asks in the words of a tool call.</param>
    public sealed record PermissionAsked(PermissionId Permission, PromptId Prompt, ToolCall Call, DateTimeOffset ExpiresAt, PermissionWords? Words = null) : SessionEvent;

    /// <param name="By">Null when a rule or the clock decided.</param>
    /// <param name="Rule">Which rule decided, when no person did: "policy: reading is allowed", "expired".</param>
    public sealed record PermissionDecided(PermissionId Permission, PromptId Prompt, PermissionDecision Decision, Person? By, string? Rule, string? Reason) : SessionEvent;

    public sealed record ChangesPushed(PromptId Prompt, string Branch, string Commit, DiffSummary Diff) : SessionEvent;

    public sealed record PullRequestOpened(PromptId Prompt, int Number, Uri Url) : SessionEvent;

    /// <summary>One model call's use.</summary>
    public sealed record UsageRecorded(PromptId? Prompt, string Model, TokenUsage Usage, decimal? Cost) : SessionEvent;

    /// <summary>Something people should know that changes nothing: "the session was restored, its context is lost".</summary>
    public sealed record Noted(PromptId? Prompt, string Text) : SessionEvent;
}

/// <summary>An event in its place in the log.</summary>
/// <param name="Sequence">From 1, without gaps, per session.</param>
public sealed record LoggedEvent(SessionId Session, long Sequence, DateTimeOffset At, SessionEvent Event);

public sealed record RepositoryCandidate(RepositoryName Name, string Description);

/// <param name="Status">pending, in_progress or completed, as the agent says it.</param>
public sealed record PlanEntry(string Content, string Status);

public enum PromptState
{
    Queued,
    Running,
    Completed,
    Cancelled,
    Failed,
}

/// <summary>A tool call of the agent, as last heard.</summary>
public sealed record ToolCall
{
    public required string Id { get; init; }

    public string Title { get; init; } = "";

    /// <summary>ACP's tool kind: read, edit, delete, move, search, execute, think, fetch, switch_mode, other; or one nobody knows yet.</summary>
    public string Kind { get; init; } = "other";

    /// <summary>ACP's status: pending, in_progress, completed, failed; or one nobody knows yet.</summary>
    public string Status { get; init; } = "pending";

    /// <summary>Exactly what would be run, for an execute call; null when the agent does not say.</summary>
    public string? Command { get; init; }

    /// <summary>The address a fetch would get; null when the agent does not say, and for other kinds.</summary>
    public string? Url { get; init; }

    /// <summary>Absolute paths inside the sandbox.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    public IReadOnlyList<FileDiff> Diffs { get; init; } = [];

    /// <summary>What the tool printed, cut to its last 4,000 characters.</summary>
    public string? Output { get; init; }
}

/// <summary>A question that is no tool call's: "This session reached its budget of $5.00. Extend it by $5.00?", and what its buttons say.</summary>
/// <param name="Question">Plain text.</param>
/// <param name="AllowSession">Null when there is nothing that could hold for the session.</param>
public sealed record PermissionWords(string Question, string Allow, string? AllowSession, string Deny);

/// <param name="OldText">Null for a new file.</param>
public sealed record FileDiff(string Path, string? OldText, string NewText);

public sealed record DiffSummary(int Added, int Removed, int Files);

/// <summary>Tokens of one model call or a sum of them. <see cref="Input"/> excludes what was read from or written to the cache.</summary>
public sealed record TokenUsage(long Input, long Output, long CacheRead = 0, long CacheWrite = 0)
{
    public static readonly TokenUsage None = new(0, 0);

    /// <summary>True when the provider did not tell, so that at least a part is reckoned from the bytes that went by.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsEstimate { get; init; }

    public long Total => Input + Output + CacheRead + CacheWrite;

    public static TokenUsage operator +(TokenUsage left, TokenUsage right) =>
        new(left.Input + right.Input, left.Output + right.Output, left.CacheRead + right.CacheRead, left.CacheWrite + right.CacheWrite) { IsEstimate = left.IsEstimate || right.IsEstimate };

    public static TokenUsage Add(TokenUsage left, TokenUsage right) => left + right;
}
