namespace Bots.Engine;

/// <summary>One piece of work: one repository, one branch, one sandbox at a time.</summary>
public readonly record struct SessionId(string Value)
{
    public static SessionId New() => new("ses_" + Guid.CreateVersion7().ToString("N"));

    /// <summary>The eight last characters: enough for a branch name or a log line a person reads.</summary>
    public string Short => Value[^8..];

    public override string ToString() => Value;
}

/// <summary>One request inside a session, by one author.</summary>
public readonly record struct PromptId(string Value)
{
    public static PromptId New() => new("prm_" + Guid.CreateVersion7().ToString("N"));

    public override string ToString() => Value;
}

/// <summary>The folders a session works in: the checkout and the agent's home.</summary>
public readonly record struct WorkspaceId(string Value)
{
    public static WorkspaceId New() => new("wsp_" + Guid.CreateVersion7().ToString("N"));

    public override string ToString() => Value;
}

/// <summary>A repository cloned and set up, which workspaces start out as.</summary>
public readonly record struct TreeId(string Value)
{
    public static TreeId New() => new("tre_" + Guid.CreateVersion7().ToString("N"));

    public override string ToString() => Value;
}

/// <summary>The agent's question before a sensitive tool call.</summary>
public readonly record struct PermissionId(string Value)
{
    /// <summary>Twelve hex characters: short enough to be typed after <c>/approve</c>, too many to be guessed.</summary>
    public static PermissionId New() => new(Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6)));

    public override string ToString() => Value;
}

/// <summary>A surface's own key for a place: Slack team/channel/thread, GitHub owner/repo#number.</summary>
/// <param name="Surface">The surface's name, e.g. <c>slack</c> or <c>github</c>.</param>
/// <param name="Key">Opaque outside that surface.</param>
public sealed record ConversationKey(string Surface, string Key)
{
    public override string ToString() => $"{Surface}:{Key}";
}

/// <summary>Somebody on a surface.</summary>
/// <param name="Surface">Where <paramref name="Id"/> is valid.</param>
/// <param name="Id">The surface's stable id (Slack user id, GitHub login).</param>
/// <param name="Name">What people call them; never used to decide anything.</param>
/// <param name="Email">For the commit's author line, when the surface tells it.</param>
public sealed record Person(string Surface, string Id, string Name, string? Email = null);
