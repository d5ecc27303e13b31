using Bots.Engine;
using Bots.Engine.Forges;

namespace Bots.GitHub;

/// <summary>Section <c>Repositories:{n}</c>: a repository known without an installation, or more about one.</summary>
public sealed record RepositoryOptions
{
    public const string Section = "Repositories";

    /// <summary><c>owner/name</c>.</summary>
    public string? Name { get; init; }

    public string Description { get; init; } = "";

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Ids or names of channels whose messages are about it.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    public string? DefaultBranch { get; init; }

    /// <summary>Others (<c>owner/name</c>) that its sessions may fetch from: submodules, shared libraries.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <exception cref="InvalidOperationException">A value cannot be read as its type.</exception>
    public static IReadOnlyList<RepositoryOptions> Read(IConfiguration configuration) =>
        configuration.GetSection(Section).Get<List<RepositoryOptions>>() ?? [];

    /// <exception cref="FormatException">The name is not <c>owner/name</c>; the check at start has said so.</exception>
    public KnownRepository ToKnown() => new()
    {
        Name = RepositoryName.Parse(Name ?? ""),
        Description = Description,
        Aliases = Aliases,
        Channels = [.. Channels.Select(c => c.TrimStart('#'))],
        DefaultBranch = string.IsNullOrEmpty(DefaultBranch) ? null : DefaultBranch,
        Reads = [.. Reads.Select(RepositoryName.Parse)],
    };
}
