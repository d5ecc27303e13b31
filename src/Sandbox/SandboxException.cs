namespace Bots.Sandbox;

public enum SandboxFailure
{
    /// <summary>The provider is not usable on this machine.</summary>
    Unavailable,

    /// <summary>The sidecar did not come up or never connected.</summary>
    DidNotStart,

    /// <summary>It ended while it was in use.</summary>
    Lost,

    /// <summary>No space left on the disk.</summary>
    DiskFull,

    /// <summary>It took more than it may, and was ended.</summary>
    LimitReached,

    /// <summary>The image it was to be made of is not there.</summary>
    ImageMissing,
}

/// <summary>A sandbox failed. The message may be shown to people and holds no secret.</summary>
public sealed class SandboxException(SandboxFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public SandboxFailure Failure { get; } = failure;

    /// <summary>True when the same call may succeed later.</summary>
    public bool Transient => Failure is SandboxFailure.DidNotStart or SandboxFailure.Lost;
}
