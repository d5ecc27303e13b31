namespace Bots.Engine;

internal static class SteadyTime
{
    /// <summary>How late it is by a clock nobody can set: for what is waited for within one run of the service. Of another run it says nothing.</summary>
    public static TimeSpan Steady(this TimeProvider clock) => clock.GetElapsedTime(0);
}
