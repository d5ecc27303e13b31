namespace Bots.Gateway;

/// <summary>For connections to other hosts: as many at once as a package manager opens.</summary>
internal sealed class EgressPace(TimeProvider time) : SandboxPace(time, burst: 200, MostOpen, interval: TimeSpan.FromMilliseconds(50))
{
    public const int MostOpen = 256;
}
