using System.Text.Json;

namespace Bots.Engine.Repositories;

/// <summary>Features of a devcontainer.json. None is installed, which would need a registry; some are in every sandbox.</summary>
internal static class DevContainerFeature
{
    private const string Official = "ghcr.io/devcontainers/features/";

    private static readonly HashSet<string> There = new(StringComparer.Ordinal) { "node", "git", "common-utils" };
    private static readonly HashSet<string> AnyVersion = new(StringComparer.OrdinalIgnoreCase) { "", "latest", "lts", "os-provided", "none" };

    /// <param name="id">Like <c>ghcr.io/devcontainers/features/node:1</c>, or the old short form <c>node</c>.</param>
    /// <param name="options">A version as a text, or an object of options; a certain version is not there.</param>
    public static bool IsThere(string id, JsonElement options)
    {
        var name = id.StartsWith(Official, StringComparison.OrdinalIgnoreCase) ? id[Official.Length..] : id;
        return There.Contains(name.Split('@')[0].Split(':')[0].ToLowerInvariant()) && AnyVersion.Contains(Version(options));
    }

    private static string Version(JsonElement options) => options.ValueKind switch
    {
        JsonValueKind.String => options.GetString()!,
        JsonValueKind.Object when options.TryGetProperty("version", out var version) => version.ToString(),
        _ => "",
    };
}
