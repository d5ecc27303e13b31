using Bots.Bench.Ack;
using Bots.Bench.Report;
using Bots.Bench.World;

namespace Bots.Bench;

/// <summary>Resident memory of the service when nothing happens, before and after it has done something.</summary>
public static class MemoryBench
{
    private const int Deliveries = 200;
    private const double Most = 150;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Line>> Run()
    {
        await using var world = await Surroundings.Start();
        await Task.Delay(Rest, TimeProvider.System);
        var started = world.Service.ResidentMiB();

        await Load.Peak(new Uri(world.Service.Url, "webhooks/slack/events"), new SlackDeliveries(world.Slack).Next(Deliveries / 2), 4, Rest);
        await Load.Peak(new Uri(world.Service.Url, "webhooks/github"), new GitHubDeliveries().Next(Deliveries / 2), 4, Rest);
        var drained = await world.Store.Drained(TimeSpan.FromSeconds(10));
        await Task.Delay(Rest, TimeProvider.System);
        return
        [
            Of("memory, idle after start", started, ""),
            Of($"memory, idle after {await world.Store.Deliveries()} deliveries", world.Service.ResidentMiB(), drained ? "" : "some are still being taken up"),
        ];
    }

    private static Line Of(string what, double mebibytes, string remark) => new(what, $"{mebibytes:0} MiB", $"< {Most:0} MiB", remark, mebibytes < Most);
}
