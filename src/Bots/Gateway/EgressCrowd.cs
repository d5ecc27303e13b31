namespace Bots.Gateway;

/// <summary>Counts the connections to the control socket: sandboxes must not take every descriptor of the service, nor keep each other's sidecars out.</summary>
internal sealed class EgressCrowd
{
    private int _open;

    /// <summary>From here on only sidecars are served.</summary>
    public int Most { get; init; } = 4096;

    /// <summary>Beyond <see cref="Most"/>. Who comes then is looked at, for as long as first bytes may take.</summary>
    public int ForSidecars { get; init; } = 512;

    public int Open => Volatile.Read(ref _open);

    public bool IsFull => Open > Most;

    /// <returns>False when there is no place even for a look at it.</returns>
    public bool Enter()
    {
        if (Interlocked.Increment(ref _open) <= Most + ForSidecars) return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _open);
}
