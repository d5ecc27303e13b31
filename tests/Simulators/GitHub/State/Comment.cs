using System.Collections.Immutable;

namespace Bots.Simulators.GitHub.State;

/// <summary>A comment in the conversation of an issue or pull request.</summary>
public sealed record Comment
{
    public required long Id { get; init; }

    public required Account Author { get; init; }

    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Written by the app.</summary>
    public bool ViaApp { get; init; }

    /// <summary>What the body was before each edit, oldest first.</summary>
    public ImmutableList<string> PreviousBodies { get; init; } = [];

    public ImmutableList<Reaction> Reactions { get; init; } = [];

    /// <summary>How often a body was written: 1 for a comment never edited.</summary>
    public int Revisions => PreviousBodies.Count + 1;
}

public sealed record Reaction(long Id, string Content, Account User, DateTimeOffset CreatedAt)
{
    /// <summary>The contents the original knows.</summary>
    public static IReadOnlyList<string> Contents { get; } = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];
}
