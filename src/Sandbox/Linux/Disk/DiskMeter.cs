using System.Collections.Concurrent;

namespace Bots.Sandbox.Linux.Disk;

/// <summary>What is to be measured of one sandbox.</summary>
/// <param name="Folders">On the host.</param>
/// <param name="Seen">The same folders as its processes see them.</param>
/// <param name="Free">Bytes in there that are not counted.</param>
/// <param name="Processes">Which are its processes now.</param>
internal sealed record DiskSubject(SandboxId Sandbox, IReadOnlyList<string> Folders, IReadOnlyList<string> Seen, long Free, long Allowed, Func<IEnumerable<int>> Processes);

/// <summary>
/// Measures sandboxes' files in the background, one sandbox at a time. One whose files kept a processor busy for long is left alone for
/// nineteen times as long, within bounds, and the others for a moment only. Who could not have reached the limit since is left for later.
/// </summary>
internal sealed class DiskMeter(TimeProvider time)
{
    const int Rest = 19;

    // Faster than disks are written to.
    const double BytesPerSecond = 2e9;
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The others of one that takes long wait for no longer.</summary>
    static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<SandboxId, Measured> _measured = [];
    readonly Lock _gate = new();
    Task _round = Task.CompletedTask;
    DateTimeOffset _restsUntil;

    /// <summary>Forgets all others, goes on measuring these, and returns at once: the ones that had more than they may when they were last measured.</summary>
    public async Task<IReadOnlySet<SandboxId>> Over(IReadOnlyList<DiskSubject> subjects)
    {
        foreach (var gone in _measured.Keys.Except(subjects.Select(s => s.Sandbox))) _measured.TryRemove(gone, out _);
        var round = StartRound(subjects);
        if (round.IsFaulted) await round;
        return subjects.Select(s => s.Sandbox).Where(s => _measured.TryGetValue(s, out var measured) && measured.Over).ToHashSet();
    }

    /// <summary>How soon a sandbox with this much room left can have used it up, and two seconds.</summary>
    internal static TimeSpan Pause(long room) =>
        room <= 0 ? Shortest : TimeSpan.FromSeconds(Math.Min((room / BytesPerSecond) + Shortest.TotalSeconds, Longest.TotalSeconds));

    Task StartRound(IReadOnlyList<DiskSubject> subjects)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!_round.IsCompleted || now < _restsUntil) return Task.CompletedTask;

            var last = _round;
            var due = subjects.Where(s => !_measured.TryGetValue(s.Sandbox, out var m) || m.Due <= now).OrderBy(s => _measured.GetValueOrDefault(s.Sandbox)?.Due).ToList();
            _round = due.Count == 0 ? Task.CompletedTask : Task.Run(() => Measure(due[0]));
            return last;
        }
    }

    void Measure(DiskSubject subject)
    {
        var began = ThreadTime.Now();
        var enough = subject.Allowed + subject.Free;
        var bytes = 0L;
        foreach (var folder in subject.Folders)
        {
            if (bytes <= enough) bytes += DiskUsage.Of(folder, enough - bytes) is var found && found == long.MaxValue ? enough + 1 : found;
        }

        if (bytes <= enough) bytes += UnlinkedFiles.Bytes(subject.Processes(), subject.Seen);
        var took = ThreadTime.Now() - began;
        var now = time.GetUtcNow();
        var rest = took * Rest;
        lock (_gate) _restsUntil = now + Shorter(rest, LongestRest);
        _measured[subject.Sandbox] = new Measured(bytes > enough, now + Longer(Pause(enough - bytes), Shorter(rest, Longest)));
    }

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    sealed record Measured(bool Over, DateTimeOffset Due);
}
