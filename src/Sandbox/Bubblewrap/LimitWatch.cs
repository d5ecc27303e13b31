using Bots.Sandbox.Linux;
using Bots.Sandbox.Linux.Cgroups;
using Bots.Sandbox.Linux.Disk;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>Which limits the sandboxes have reached. What was told is in their records, so that a restarted service does not tell it again.</summary>
internal sealed class LimitWatch(SandboxRecords records, TimeProvider time)
{
    static readonly string[] Seen = [SandboxLayout.Workspace, SandboxLayout.Home];
    readonly DiskMeter _disk = new(time);
    readonly Queue<LimitBreach> _last = [];
    readonly Lock _gate = new();

    public async Task<IReadOnlyList<LimitBreach>> Look()
    {
        var all = records.All().Where(r => r.Init is not null).ToList();
        var over = await _disk.Over([.. all.Select(r => new DiskSubject(r.Id, r.Folders, Seen, r.Free, r.Limits.Disk, r.Init!.Tree))]);
        lock (_gate)
        {
            List<LimitBreach> breaches = [.. all.SelectMany(r => Told(r, over.Contains(r.Id)))];
            while (_last.TryDequeue(out var breach)) breaches.Add(breach);
            return breaches;
        }
    }

    /// <summary>Before what counted a sandbox's limits is removed: why it ended by itself may be in there.</summary>
    public void LookOnceMore(SandboxRecord record)
    {
        lock (_gate)
        {
            foreach (var breach in Told(record, overDisk: false)) _last.Enqueue(breach);
        }
    }

    List<LimitBreach> Told(SandboxRecord record, bool overDisk)
    {
        var now = time.GetUtcNow();
        List<LimitBreach> breaches = [];
        foreach (var (limit, count, allowed) in Counts(record, overDisk))
        {
            var before = record.Reached.FirstOrDefault(r => r.Limit == limit);
            var (after, tell) = LimitEpisodes.Next(limit, before, count, now);
            if (tell) breaches.Add(new LimitBreach(record.Id, limit, allowed));
            if (after is not null && after != before) records.Update(record.Id, r => r with { Reached = [.. r.Reached.Where(x => x.Limit != limit), after] });
        }

        return breaches;
    }

    /// <summary>How often each limit was reached. Of the disk there is no counter: as long as it is over, it is reached anew each time.</summary>
    static IEnumerable<(ResourceLimit Limit, long Count, long Allowed)> Counts(SandboxRecord record, bool overDisk)
    {
        yield return (ResourceLimit.Memory, Cgroup.MemoryKills(record.Groups), record.Limits.Memory);
        yield return (ResourceLimit.Processes, Cgroup.ProcessRefusals(record.Groups), record.Limits.Processes);
        if (overDisk) yield return (ResourceLimit.Disk, (record.Reached.FirstOrDefault(r => r.Limit == ResourceLimit.Disk)?.Count ?? 0) + 1, record.Limits.Disk);
    }
}
