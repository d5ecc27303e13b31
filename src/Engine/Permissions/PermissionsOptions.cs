using System.ComponentModel.DataAnnotations;

namespace Bots.Engine.Permissions;

/// <summary>Section <c>Permissions</c>.</summary>
public sealed record PermissionsOptions
{
    /// <summary>How long people have to decide before a permission request counts as denied.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "7.00:00:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);
}
