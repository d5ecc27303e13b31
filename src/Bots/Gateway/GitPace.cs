namespace Bots.Gateway;

/// <summary>For git's calls: as many at once as a checkout with its submodules makes.</summary>
internal sealed class GitPace(TimeProvider time) : SandboxPace(time, Burst, MostOpen, Interval)
{
    public const int Burst = 100;
    public const int MostOpen = 64;

    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
}
