namespace Bots.Engine.Repositories;

/// <summary>What a repository says of itself in <c>.bots.yml</c>, read from its default branch, with the service's defaults where it is silent.</summary>
public sealed record RepositorySettings
{
    public static readonly RepositorySettings Default = new();

    /// <summary>Shell script for <c>/bin/sh -eu</c>, run once after a clone; null for none.</summary>
    public string? Setup { get; init; }

    /// <summary>Shell script for <c>/bin/sh -eu</c>, run each time a sandbox of it starts; null for none.</summary>
    public string? Start { get; init; }

    /// <summary>The system its sandboxes are made of, for providers with images; null for the default one.</summary>
    public string? Image { get; init; }

    /// <summary>Added to the environment of its sandboxes. Not for secrets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public ToolRules Tools { get; init; } = new();

    /// <summary>Names of presets (<c>npm</c>), or <c>host</c>, <c>host:port</c>, <c>*.host:port</c>; without a port: 443 and 80.</summary>
    public IReadOnlyList<string> Network { get; init; } = [];

    /// <summary><c>provider/model</c>, <c>*</c> stands for any part; empty allows every model.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What could not be read or honoured, in words people read; shown once in a session.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}

/// <summary>Which tool calls are allowed, asked or denied: <c>kind: pattern</c> (<c>execute: npm test*</c>), or a bare pattern for commands. Deny wins over ask, ask over allow.</summary>
public sealed record ToolRules
{
    public IReadOnlyList<string> Allow { get; init; } = [];

    public IReadOnlyList<string> Ask { get; init; } = [];

    public IReadOnlyList<string> Deny { get; init; } = [];
}

/// <summary>Reads what repositories say of themselves.</summary>
public interface IRepositorySettings
{
    /// <summary>As they were at most a few minutes ago. A file that cannot be read gives the defaults and a remark, never an error.</summary>
    Task<RepositorySettings> Of(RepositoryName repository, CancellationToken cancellation);
}
