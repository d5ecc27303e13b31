namespace Bots.Sandbox.Sidecars;

/// <summary>The connections into all running sandboxes.</summary>
public interface ISandboxConnections
{
    /// <summary>Waits until a sandbox has connected.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxFailure.DidNotStart"/>: it did not within the time given, or was stopped meanwhile.</exception>
    Task<ISandboxConnection> Connected(SandboxId sandbox, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>The sandbox was stopped for good: whoever uses it, or waits for it, is told that it is lost.</summary>
    /// <param name="why">What they are told; null for no more than that.</param>
    void Forget(SandboxId sandbox, SandboxException? why = null);
}
