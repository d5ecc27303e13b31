using System.Collections.Concurrent;
using Bots.Sandbox.Docker.Api;
using Bots.Sandbox.Linux;
using Bots.Sandbox.Linux.Cgroups;
using Bots.Sandbox.Linux.Disk;

namespace Bots.Sandbox.Docker;

/// <summary>
/// Which limits the sandboxes have reached. A service that was restarted begins with what it finds: what happened while it was away is not told.
/// </summary>
internal sealed class DockerLimits(EngineClient engine, DockerOptions options, TimeProvider time) : IDisposable
{
    static readonly string[] Seen = [SandboxLayout.Workspace, SandboxLayout.Home];
    readonly ConcurrentDictionary<SandboxId, Watched> _watched = [];
    readonly ConcurrentQueue<LimitBreach> _last = [];
    readonly SemaphoreSlim _one = new(1);
    readonly DiskMeter _disk = new(time);
    DateTimeOffset _eventsUntil = time.GetUtcNow();

    /// <summary>From its start on, so that its first breach is not mistaken for an old one.</summary>
    public void Started(SandboxId sandbox, string container) => _watched[sandbox] = new Watched(container, New: true);

    public void Stopped(SandboxId sandbox) => _watched.TryRemove(sandbox, out _);

    /// <summary>Before what is left of a container that ended by itself is removed: why it did may be known.</summary>
    public async Task LookOnceMore(SandboxId sandbox, ContainerSummary container, CancellationToken cancellation)
    {
        if (LimitLabels.Read(container.Labels) is { } limits && await engine.Inspect(container.Id, cancellation) is { State.OutOfMemory: true })
            _last.Enqueue(new LimitBreach(sandbox, ResourceLimit.Memory, limits.Limits.Memory));
    }

    public async Task<IReadOnlyList<LimitBreach>> Look(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            List<LimitBreach> breaches = [];
            while (_last.TryDequeue(out var breach)) breaches.Add(breach);

            var running = await Running(cancellation);
            var over = await _disk.Over([.. running.Select(r => new DiskSubject(r.Sandbox, [r.Limits.Workspace, r.Limits.Home], Seen, r.Limits.Free, r.Limits.Limits.Disk, () => r.Watched.Groups.Take(1).SelectMany(Cgroup.Processes)))]);
            var kills = await Kills(running, cancellation);
            foreach (var one in running) breaches.AddRange(await Told(one, over.Contains(one.Sandbox), kills.GetValueOrDefault(one.Watched.Container), cancellation));
            return breaches;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    async Task<List<Subject>> Running(CancellationToken cancellation)
    {
        List<Subject> running = [];
        foreach (var container in await engine.Containers(DockerContainer.Filter(options), cancellation))
        {
            if (container.State != "running" || DockerContainer.Sandbox(container.Labels) is not { } sandbox || LimitLabels.Read(container.Labels) is not { } limits) continue;

            var watched = _watched.GetOrAdd(sandbox.Id, _ => new Watched(container.Id, New: false));
            if (!watched.Known)
            {
                var pid = (await engine.Inspect(container.Id, cancellation))?.State.Pid ?? 0;
                watched = _watched[sandbox.Id] = watched with { Known = true, Groups = ContainerGroups.Find(pid, container.Id) };
            }

            running.Add(new Subject(sandbox.Id, limits, watched));
        }

        return running;
    }

    /// <summary>How often the kernel killed in containers whose groups we do not see; the engine remembers that for a while.</summary>
    async Task<IReadOnlyDictionary<string, int>> Kills(List<Subject> running, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (running.All(r => r.Watched.SeesGroups)) return new Dictionary<string, int>();

        // A clock that was set back is ahead of itself, and the engine refuses a span that ends before it begins.
        var events = await engine.OutOfMemory(DockerContainer.Filter(options), _eventsUntil < now ? _eventsUntil : now, now, cancellation);
        _eventsUntil = now;
        return events.Where(e => e.Actor?.Id is not null).CountBy(e => e.Actor!.Id!).ToDictionary();
    }

    async Task<List<LimitBreach>> Told(Subject one, bool overDisk, int kills, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var (sandbox, limits, watched) = one;
        var counts = watched.SeesGroups ? ContainerGroups.Counts(watched.Groups) : await Asked(one, kills, cancellation);
        if (overDisk) counts = [.. counts, (ResourceLimit.Disk, watched.Count(ResourceLimit.Disk) + 1)];

        List<LimitBreach> breaches = [];
        foreach (var (limit, count) in counts)
        {
            var before = watched.Find(limit);
            var (after, tell) = LimitEpisodes.Next(limit, before, count, now);
            if (!watched.New && !watched.Begun && limit != ResourceLimit.Disk) (after, tell) = (new ReachedLimit(limit, count, DateTimeOffset.MinValue), false);
            if (tell) breaches.Add(new LimitBreach(sandbox, limit, Allowed(limits.Limits, limit)));
            if (after is not null) watched = watched with { Reached = [.. watched.Reached.Where(r => r.Limit != limit), after] };
        }

        _watched.TryUpdate(sandbox, watched with { Begun = true }, one.Watched);
        return breaches;
    }

    async Task<IReadOnlyList<(ResourceLimit, long)>> Asked(Subject one, int kills, CancellationToken cancellation)
    {
        var processes = (await engine.Statistics(one.Watched.Container, cancellation))?.Processes?.Current ?? 0;
        var full = processes >= DockerContainer.ProcessesFor(one.Limits.Limits);
        return
        [
            (ResourceLimit.Memory, one.Watched.Count(ResourceLimit.Memory) + kills),
            (ResourceLimit.Processes, one.Watched.Count(ResourceLimit.Processes) + (full ? 1 : 0)),
        ];
    }

    static long Allowed(ResourceLimits limits, ResourceLimit limit) => limit switch
    {
        ResourceLimit.Memory => limits.Memory,
        ResourceLimit.Processes => limits.Processes,
        _ => limits.Disk,
    };

    sealed record Subject(SandboxId Sandbox, LimitLabels Limits, Watched Watched);

    /// <param name="New">True when it was started by us, so that all its counters began at 0.</param>
    sealed record Watched(string Container, bool New)
    {
        /// <summary>True once <see cref="Groups"/> were looked for.</summary>
        public bool Known { get; init; }

        /// <summary>True once its counters were looked at.</summary>
        public bool Begun { get; init; }

        public IReadOnlyList<string> Groups { get; init; } = [];

        public IReadOnlyList<ReachedLimit> Reached { get; init; } = [];

        public bool SeesGroups => Groups.Count > 0;

        public ReachedLimit? Find(ResourceLimit limit) => Reached.FirstOrDefault(r => r.Limit == limit);

        public long Count(ResourceLimit limit) => Find(limit)?.Count ?? 0;
    }
}
