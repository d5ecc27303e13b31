namespace Bots.Sandbox.Sidecars;

/// <summary>Where tokens of sidecars are kept: only their SHA-256, as lower-case hex.</summary>
public interface ISidecarRegistry
{
    /// <summary>Uses up a registration token (single use, five minutes) and stores the session token that replaces it.</summary>
    /// <returns>The sandbox it was issued for; null when it is unknown, used or too old.</returns>
    Task<SandboxId?> Redeem(string registrationTokenHash, string sessionTokenHash, CancellationToken cancellation);

    /// <returns>The sandbox a session token belongs to; null when there is none, or it was stopped.</returns>
    Task<SandboxId?> Find(string sessionTokenHash, CancellationToken cancellation);
}
