namespace Bots.Faults.Plan;

/// <summary>What people decide about a job's one command.</summary>
public enum Decision
{
    /// <summary>The job asks nothing.</summary>
    None,
    Allow,
    Deny,

    /// <summary>Two people click at once, one this, one that: either may win, one must.</summary>
    Both,
}

/// <summary>One request to the agent.</summary>
/// <param name="Name">Unique in a run: <c>c12-1</c>.</param>
/// <param name="Steps">As the agent reads them.</param>
public sealed record Job(string Name, string Steps, Decision Decision)
{
    /// <summary>Asked in a comment on the conversation's pull request rather than in the thread.</summary>
    public bool OnPullRequest { get; init; }

    /// <summary>Asked without waiting for the answer to the one before.</summary>
    public bool AtOnce { get; init; }

    /// <summary>Asked when nothing has happened for so long that the sandbox was stopped and the workspace may be put away.</summary>
    public bool Later { get; init; }

    /// <summary>Every event of the message is delivered three times at once.</summary>
    public bool Thrice { get; init; }

    /// <summary>The agent dies or falls silent: people are to be told so.</summary>
    public bool Fails { get; init; }

    public bool Edits => Steps.Split(' ').Contains("edit");

    public string Text => $"job {Name}: {Steps}";
}

/// <summary>A thread: jobs one after the other.</summary>
public sealed record Talk(int Number, string Author, IReadOnlyList<Job> Jobs);
