using System.ComponentModel.DataAnnotations;

namespace Bots.Engine.Permissions;

/// <summary>Section <c>Permissions</c>.</summary>
public sealed record PermissionsOptions
{
    /// <summary>How long people have to decide before a permission request counts as denied.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "7.00:00:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Rules on tool calls (<see cref="ToolRule"/>) that hold in every repository, besides its own. What is denied here nobody can allow.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>What people are asked about, whatever a repository allows.</summary>
    public IReadOnlyList<string> Ask { get; init; } = [];

    public IReadOnlyList<string> Deny { get; init; } = [];
}
