using Bots.Engine.Sessions;
using Bots.Sandbox;

namespace Bots.Engine.Gateway;

/// <summary>Who calls the gateway and what that allows.</summary>
public interface IGatewayAccess
{
    /// <returns>Null when no live sandbox holds this session token.</returns>
    Task<GatewayCaller?> Authenticate(string sessionToken, CancellationToken cancellation);

    /// <summary>Writes one model call's use into the session's log, with its price when that is known.</summary>
    /// <param name="model">As the provider names it, without the provider.</param>
    Task RecordUsage(SessionId session, string provider, string model, TokenUsage usage, CancellationToken cancellation);
}

/// <param name="Session">Null while it belongs to none: such a sandbox may read its repository, and nothing else.</param>
/// <param name="Repository">The only repository it may push to.</param>
/// <param name="Branch">The only branch it may push, without <c>refs/heads/</c>; null for none.</param>
public sealed record GatewayCaller(SandboxId Sandbox, SessionId? Session, RepositoryName Repository, string? Branch)
{
    /// <summary>Other repositories it may fetch from: the operator's word, never the repository's own.</summary>
    public IReadOnlyList<RepositoryName> Reads { get; init; } = [];

    /// <summary>For the log.</summary>
    public string Name => Session?.Value ?? Sandbox.Value;
}
