using Bots.Faults.World;

namespace Bots.Faults.Load;

/// <summary>The operator who, as the documents say, delivers again what GitHub could not deliver.</summary>
internal sealed class Redelivery(Surroundings world, Timeline timeline)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Once();
            await Task.Delay(Look, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How many were not delivered so far.</returns>
    public int Once()
    {
        var failed = world.GitHub.Deliveries.GroupBy(d => d.Guid).Where(g => g.All(d => d is { Succeeded: false, Status: not "pending" })).Select(g => g.Last()).ToList();
        foreach (var delivery in failed)
        {
            timeline.Add($"webhook {delivery.Event} is delivered again");
            world.GitHub.Redeliver(delivery);
        }

        return failed.Count + world.GitHub.Deliveries.Count(d => d.Status == "pending");
    }
}
