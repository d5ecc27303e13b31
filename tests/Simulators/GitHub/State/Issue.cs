using System.Collections.Immutable;

namespace Bots.Simulators.GitHub.State;

/// <summary>An issue; a pull request when <see cref="Pull"/> is there. Both share one numbering.</summary>
public sealed record Issue
{
    public required long Id { get; init; }

    public required int Number { get; init; }

    public required Account Author { get; init; }

    public required string Title { get; init; }

    public string? Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public bool ViaApp { get; init; }

    public ImmutableList<Comment> Comments { get; init; } = [];

    public ImmutableList<Reaction> Reactions { get; init; } = [];

    public Pull? Pull { get; init; }

    public bool Open => ClosedAt is null;

    public string State => Open ? "open" : "closed";
}

/// <summary>What a pull request has beyond an issue.</summary>
public sealed record Pull
{
    public required long Id { get; init; }

    /// <summary>The repository of the head branch: the same one, or a fork of it.</summary>
    public required Repository Head { get; init; }

    public required string HeadBranch { get; init; }

    public required string HeadSha { get; init; }

    public required string BaseBranch { get; init; }

    public required string BaseSha { get; init; }

    public bool Draft { get; init; }

    public bool MaintainerCanModify { get; init; }

    public DateTimeOffset? MergedAt { get; init; }

    public Account? MergedBy { get; init; }

    public string? MergeCommitSha { get; init; }
}
