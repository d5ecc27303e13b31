namespace Bots.Engine.Intake;

/// <summary>What a delivery means to the engine: authorised, and free of the surface it came from.</summary>
public abstract record Inbound
{
    private Inbound()
    {
    }

    /// <summary>Somebody who may ask wants something done.</summary>
    public sealed record PromptRequest : Inbound
    {
        public required ConversationKey Conversation { get; init; }

        public required Person Author { get; init; }

        /// <summary>The author's own words, without the mention.</summary>
        public required string Text { get; init; }

        /// <summary>The surface's id of the message the author wrote (Slack ts, GitHub comment id): it gets the 👀 reaction.</summary>
        public string? Message { get; init; }

        /// <summary>Everything around the words that somebody else wrote; quoted to the agent as untrusted.</summary>
        public IReadOnlyList<Material> Material { get; init; } = [];

        /// <summary>Where to work, when the surface knows it (a pull request, a schedule); null leaves it to the classifier.</summary>
        public WorkTarget? Target { get; init; }

        /// <summary>The channel's id, for repositories bound to channels.</summary>
        public string? Channel { get; init; }

        /// <summary>The channel's name without #, when it is known.</summary>
        public string? ChannelName { get; init; }

        /// <summary>False for words that merely stand in a conversation: they continue a session but never start one.</summary>
        public bool MayStart { get; init; } = true;
    }

    /// <summary>An authorised person's answer to a permission request.</summary>
    public sealed record PermissionAnswer : Inbound
    {
        public required ConversationKey Conversation { get; init; }

        public required Person By { get; init; }

        /// <summary>Null means the one that is open in this conversation, if it is only one.</summary>
        public PermissionId? Permission { get; init; }

        public required PermissionDecision Decision { get; init; }

        /// <summary>Told to the agent when it is denied.</summary>
        public string? Reason { get; init; }
    }

    /// <summary>An authorised person picked the repository a waiting session is about.</summary>
    public sealed record RepositoryChoice(ConversationKey Conversation, SessionId Session, RepositoryName Repository, Person By) : Inbound;

    /// <summary>An authorised person wants the running turn stopped. A null prompt means whichever runs in the conversation.</summary>
    public sealed record StopRequest(ConversationKey Conversation, PromptId? Prompt, Person By) : Inbound;

    /// <summary>Somebody who may ask is about to, and has this channel before their eyes: what belongs to it is made ready.</summary>
    public sealed record Typing(string Channel) : Inbound;

    /// <summary>A plain answer that starts nothing: a refusal, a hint. With <paramref name="Private"/>, only that person sees it where the surface can do so.</summary>
    public sealed record Reply(ConversationKey Conversation, string Text, Person? Private) : Inbound;

    /// <summary>A request whose answer has nowhere to go. Nothing is run; a session that failed tells of it.</summary>
    /// <param name="Why">In words people read.</param>
    public sealed record Unanswerable(PromptRequest Request, string Why) : Inbound;

    /// <summary>Nothing to do; <paramref name="Why"/> is logged.</summary>
    public sealed record Ignored(string Why) : Inbound;
}

/// <summary>Words of somebody other than the requester.</summary>
/// <param name="Author">Who wrote it, as people read it.</param>
/// <param name="Title">What it is: "earlier message in the thread", "pull request description" …</param>
public sealed record Material(string Author, string Title, string Text);

/// <summary>Where a session works.</summary>
/// <param name="Repository">The repository that is cloned and pushed to.</param>
/// <param name="Branch">The session's own branch, when it exists already (a pull request's head); null makes a new one.</param>
/// <param name="Base">What a new branch starts from and a pull request goes to; null is the default branch. May be a full ref such as <c>refs/pull/7/head</c>.</param>
/// <param name="PullRequest">The pull request the branch belongs to; null when there is none yet.</param>
public sealed record WorkTarget(RepositoryName Repository, string? Branch = null, string? Base = null, int? PullRequest = null)
{
    /// <summary>Where a pull request of a new branch goes when <see cref="Base"/> is not a branch (a fork's head).</summary>
    public string? PullRequestBase { get; init; }
}

/// <summary>What people can answer to a permission request.</summary>
public enum PermissionDecision
{
    AllowOnce,
    AllowSession,
    Deny,
}
