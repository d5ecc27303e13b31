using System.Globalization;

namespace Bots.Sandbox.Docker.Api;

/// <summary>The answer to <c>GET /version</c>.</summary>
internal sealed record EngineVersion
{
    /// <summary>Docker 20.10's; what we use is all in there.</summary>
    public static readonly Version Oldest = new(1, 41);

    /// <summary>Docker 25's; what later ones add we do not use.</summary>
    public static readonly Version Ours = new(1, 44);

    /// <summary>The program's version, for people.</summary>
    public string? Version { get; init; }

    public string? ApiVersion { get; init; }

    public string? MinAPIVersion { get; init; }

    public string? Os { get; init; }

    public IReadOnlyList<EngineComponent>? Components { get; init; }

    public bool IsPodman => Components?.Any(c => c.Name.StartsWith("Podman", StringComparison.OrdinalIgnoreCase)) ?? false;

    /// <summary>Before version 23, Docker's own filter of system calls did not know this kind of socket.</summary>
    public bool LetsVsockThrough => !IsPodman && int.TryParse(Version?.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major < 23;

    public bool IsTooOld => Parse(ApiVersion) < Oldest && !IsPodman;

    /// <summary>The version both sides know, as the start of every path.</summary>
    public string Prefix
    {
        get
        {
            var newest = Parse(ApiVersion);
            var version = newest < Ours ? newest : Ours;
            // It may have given up ours by now; it still answers, mostly as we expect.
            if (Parse(MinAPIVersion) is var least && least > version) version = least;
            return $"v{version.Major.ToString(CultureInfo.InvariantCulture)}.{version.Minor.ToString(CultureInfo.InvariantCulture)}/";
        }
    }

    static Version Parse(string? text) => System.Version.TryParse(text, out var version) ? version : new Version(1, 0);
}

internal sealed record EngineComponent(string Name);
