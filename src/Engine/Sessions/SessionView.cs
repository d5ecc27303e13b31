using System.Collections.Immutable;
using Bots.Engine.Intake;

namespace Bots.Engine.Sessions;

/// <summary>A session as its log tells it. Made only by <see cref="SessionFold"/>.</summary>
public sealed record SessionView
{
    public required SessionId Id { get; init; }

    /// <summary>Sequence number of the last event folded in; 0 for none.</summary>
    public long Sequence { get; init; }

    public string Agent { get; init; } = "";

    public string? Model { get; init; }

    /// <summary>Null while nobody has chosen a repository.</summary>
    public WorkTarget? Target { get; init; }

    /// <summary>Why this repository, in words people read.</summary>
    public string? TargetReason { get; init; }

    /// <summary>Not empty while people are asked to pick a repository.</summary>
    public ImmutableList<RepositoryCandidate> Candidates { get; init; } = [];

    /// <summary>True once people were asked to pick, also after they did: the question then stands there and shows the answer.</summary>
    public bool RepositoryAsked { get; init; }

    public ImmutableList<ConversationKey> Conversations { get; init; } = [];

    /// <summary>Those whose place is gone: nothing is shown there any more.</summary>
    public ImmutableList<LostConversation> Lost { get; init; } = [];

    public ImmutableList<PromptView> Prompts { get; init; } = [];

    /// <summary>The session's pull request, once there is one.</summary>
    public PullRequestView? PullRequest { get; init; }

    /// <summary>The branch that was last pushed.</summary>
    public string? Branch { get; init; }
}

/// <param name="Why">What the surface said.</param>
public sealed record LostConversation(ConversationKey Conversation, string Why, DateTimeOffset At);

public sealed record PullRequestView(int Number, Uri Url);

/// <summary>One prompt and all that came of it, in the order it came.</summary>
public sealed record PromptView
{
    public required PromptId Id { get; init; }

    public required Person Author { get; init; }

    public required string Text { get; init; }

    public required ConversationKey Conversation { get; init; }

    /// <summary>The asking message's id on its surface.</summary>
    public string? Message { get; init; }

    public PromptState State { get; init; } = PromptState.Queued;

    /// <summary>Prompts before it when it was queued.</summary>
    public int Ahead { get; init; }

    public DateTimeOffset QueuedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What the platform is doing for it; null while the agent works.</summary>
    public string? Stage { get; init; }

    /// <summary>Text and tool calls, in order: a tool call stands where it was first heard of.</summary>
    public ImmutableList<TurnItem> Items { get; init; } = [];

    /// <summary>Where in <see cref="Items"/> each tool call stands, by its id.</summary>
    internal ImmutableDictionary<string, int> Calls { get; init; } = ImmutableDictionary<string, int>.Empty;

    public ImmutableList<PlanEntry> Plan { get; init; } = [];

    public ImmutableList<PermissionView> Permissions { get; init; } = [];

    public ImmutableList<string> Notes { get; init; } = [];

    /// <summary>Who asked to stop it.</summary>
    public Person? StoppedBy { get; init; }

    /// <summary>Why it failed or was cancelled.</summary>
    public string? Cause { get; init; }

    public DiffSummary? Changes { get; init; }

    public string? Commit { get; init; }

    public TokenUsage Usage { get; init; } = TokenUsage.None;

    /// <summary>In US dollars; null when a price is not known.</summary>
    public decimal? Cost { get; init; }

    public bool IsOver => State is PromptState.Completed or PromptState.Cancelled or PromptState.Failed;

    /// <summary>What the agent said last, after all its tool calls.</summary>
    public string Conclusion => Items.OfType<TurnItem.Text>().LastOrDefault()?.Value.Trim() ?? "";

    /// <summary>All of the answer's text, without the tool calls between.</summary>
    public string Answer => string.Join("\n\n", Items.OfType<TurnItem.Text>().Select(t => t.Value.Trim()).Where(t => t.Length > 0));
}

/// <summary>A permission request that people were asked.</summary>
public sealed record PermissionView
{
    public required PermissionId Id { get; init; }

    public required ToolCall Call { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null asks in the words of a tool call.</summary>
    public PermissionWords? Words { get; init; }

    /// <summary>Null while it is open.</summary>
    public PermissionOutcome? Outcome { get; init; }
}

/// <param name="By">Null when a rule or the clock decided.</param>
public sealed record PermissionOutcome(PermissionDecision Decision, Person? By, string? Rule, string? Reason, DateTimeOffset At);
