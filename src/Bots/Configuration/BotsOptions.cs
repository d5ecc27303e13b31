using System.ComponentModel.DataAnnotations;

namespace Bots.Configuration;

/// <summary>Section <c>Bots</c>.</summary>
public sealed record BotsOptions
{
    /// <summary>Folder of the database, the control socket, images and snapshots. A relative path starts at the working directory.</summary>
    [Required]
    public string DataDirectory { get; init; } = "data";

    /// <summary>How people and webhooks reach the service; null when nobody said.</summary>
    public Uri? PublicUrl { get; init; }
}
