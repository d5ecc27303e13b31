namespace Bots.Engine.Permissions;

/// <summary>Section <c>Permissions</c>.</summary>
public sealed record PermissionsOptions
{
    /// <summary>An unanswered permission request is denied after this long. 10 seconds to 7 days.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);
}
