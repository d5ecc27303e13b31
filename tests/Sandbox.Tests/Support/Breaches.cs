using System.Diagnostics;

namespace Bots.Sandbox.Tests.Support;

internal static class Breaches
{
    /// <summary>How soon a reached limit must be known.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks, as the service does, until this limit is reported; fails when that takes longer than <see cref="Soon"/>.</summary>
    public static async Task<LimitBreach> NextBreach(this ISandboxProvider provider, SandboxId sandbox, ResourceLimit limit)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        do
        {
            var breaches = await provider.Breaches(TestContext.Current.CancellationToken);
            breaches.ShouldAllBe(b => b.Sandbox == sandbox);
            if (breaches.SingleOrDefault(b => b.Limit == limit) is { } breach) return breach;
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Soon, $"{limit} was reached, and nobody said so.");
        }
        while (await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken));

        throw new UnreachableException();
    }
}
