namespace Bots.Engine.Gateway;

/// <summary>Section <c>Network</c>: which hosts sandboxes may reach, besides what repositories name in their own settings.</summary>
public sealed record NetworkOptions
{
    /// <summary>Presets or patterns (<see cref="EgressPattern"/>) allowed for every repository.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Presets or patterns nobody can allow; without a port: on every port.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>Networks (<c>10.1.0.0/16</c>) that allowed names may lie in although they are not public: mirrors of one's own.</summary>
    public IReadOnlyList<string> AllowPrivate { get; init; } = [];
}
