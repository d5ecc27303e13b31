using System.Collections.Concurrent;
using System.ComponentModel;
using Bots.Sandbox.Linux;
using Bots.Sandbox.Linux.Cgroups;
using Bots.Sandbox.Linux.Trees;
using Microsoft.Extensions.Logging;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>
/// Sandboxes made of Linux namespaces by bubblewrap, on this machine, without a daemon.
/// <para>
/// User 1000 in the sandbox is, outside, the user the service runs as: the only one an unprivileged process may map. So whatever the
/// sandbox writes into its workspace belongs to the service, and the other way round; neither has to change owners. It also means that
/// only the mounts and the missing capabilities keep the sandbox from the service's other files: run the service as a user of its own.
/// </para>
/// <para>Sandboxes outlive the service. Under systemd that takes <c>KillMode=process</c>.</para>
/// </summary>
public sealed partial class BubblewrapProvider(BubblewrapOptions options, TimeProvider time, ILogger<BubblewrapProvider> logger) : ISandboxProvider
{
    readonly SandboxRecords _records = new(options.StateDirectory);
    readonly SandboxGroups _groups = new(options.StateDirectory, logger);
    readonly ConcurrentDictionary<SandboxId, byte> _starting = [];
    readonly Lock _gate = new();
    Task<OverlayProbe>? _overlay;

    public string Name => "bubblewrap";

    LimitWatch Watch => field ??= new LimitWatch(_records, time);

    public async Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation)
    {
        var problems = await BubblewrapCheck.Run(options, cancellation);
        return problems.Count > 0 ? problems : [.. _groups.Support.Problems(), .. (await ProbeOverlay().WaitAsync(cancellation)).Problems(), .. SeccompFile.Problems()];
    }

    public async Task Start(SandboxSpec spec, CancellationToken cancellation)
    {
        var command = options.FindCommand() ?? throw new SandboxException(SandboxFailure.Unavailable, "bubblewrap is not installed.");
        ThrowIfMissing(spec);
        if (_records.Find(spec.Id)?.Processes().Count > 0) throw new InvalidOperationException($"Sandbox {spec.Id} runs already.");

        var start = time.GetTimestamp();
        _starting[spec.Id] = 0;
        try
        {
            await Launch(command, spec, cancellation);
        }
        catch (Exception failure)
        {
            await Stop(spec.Id, CancellationToken.None);
            throw Translate(failure, cancellation);
        }
        finally
        {
            _starting.TryRemove(spec.Id, out _);
        }

        LogStarted(spec.Id, time.GetElapsedTime(start).TotalMilliseconds);
    }

    public async Task Stop(SandboxId sandbox, CancellationToken cancellation)
    {
        if (_records.Find(sandbox) is not { } record) return;

        cancellation.ThrowIfCancellationRequested();
        foreach (var process in record.Processes())
        {
            if (!await process.Kill(options.StopTimeout))
                throw new SandboxException(SandboxFailure.Unavailable, $"Process {process.Id} of the sandbox does not end.");
        }

        await CleanUp(record);
        LogStopped(sandbox);
    }

    /// <inheritdoc/>
    /// <remarks>What is left of sandboxes that ended by themselves, or in a crash of the machine or of the service, is removed.</remarks>
    public async Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation)
    {
        _records.RemoveUnfinished();
        // In this order: a sandbox is recorded before it has groups.
        var groups = _groups.All();
        var records = _records.All();
        var starting = _starting.Keys;
        // Looked at once: what ends from now on is told of, and cleared away, next time.
        var running = records.Where(r => r.Processes().Count > 0).ToList();
        foreach (var record in records.Except(running).Where(r => !starting.Contains(r.Id)))
        {
            Watch.LookOnceMore(record);
            if (await Cleared(record.Id, () => CleanUp(record))) LogGone(record.Id);
        }

        foreach (var unknown in groups.Where(g => records.All(r => r.Id != g.Key))) await Cleared(unknown.Key, () => Cgroup.Remove(unknown, options.StopTimeout, time));
        return [.. running.Select(r => new RunningSandbox(r.Id, r.Labels))];
    }

    /// <summary>What cannot be cleared away now, because a process of it does not end, is looked at again next time; the others do not wait for it.</summary>
    async Task<bool> Cleared(SandboxId sandbox, Func<Task> clear)
    {
        try
        {
            await clear();
            return true;
        }
        catch (Exception problem) when (problem is SandboxException or IOException or UnauthorizedAccessException)
        {
            LogLeft(problem, sandbox);
            return false;
        }
    }

    public Task<IReadOnlyList<LimitBreach>> Breaches(CancellationToken cancellation) => Watch.Look();

    async Task Launch(string command, SandboxSpec spec, CancellationToken cancellation)
    {
        var etc = Path.Combine(options.StateDirectory, "etc");
        EtcFiles.WriteTo(etc);
        var filter = SeccompFile.WriteTo(Path.Combine(options.StateDirectory, "seccomp"));
        var (tree, overlay) = spec.Tree is null ? default : await Workspace(spec, spec.Tree, cancellation);

        // Remembered before it exists: if we crash in between, it is found by its id.
        var record = new SandboxRecord
        {
            Id = spec.Id,
            Labels = spec.Labels,
            Limits = spec.Limits,
            Groups = _groups.Of(spec.Id),
            Folders = [tree?.Own ?? spec.Workspace, spec.Home],
            Free = tree?.Bytes ?? 0,
            TreeWorkspace = tree?.Folder,
        };
        _records.Write(record);

        using var late = new CancellationTokenSource(options.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        string[] run = [command, "--args", "3", "--info-fd", "4", .. SeccompFile.Arguments, .. SandboxLayout.Command(spec.Id)];
        var launch = LaunchScript.Run(_groups.Create(spec.Id, spec.Limits), overlay, filter, run);
        using var bubblewrap = BubblewrapProcess.Start(launch, BubblewrapArguments.For(spec, options, etc, tree?.Seen ?? spec.Workspace));
        var outer = HostProcess.Find(bubblewrap.Id);
        var init = await bubblewrap.Init(either.Token);
        if (outer is null || init is null) throw DidNotStart(bubblewrap);

        _records.Write(record with { Outer = outer, Init = init });
        if (!await bubblewrap.Ready(either.Token)) throw DidNotStart(bubblewrap);
    }

    /// <summary>The workspace as it was begun, or begun now by the better way this machine offers.</summary>
    async Task<(TreeWorkspace? Begun, OverlayMount? Mount)> Workspace(SandboxSpec spec, string tree, CancellationToken cancellation)
    {
        var overlay = await ProbeOverlay().WaitAsync(cancellation);
        var begun = TreeWorkspace.Find(spec.Workspace)
            ?? await TreeWorkspace.Begin(spec.Workspace, tree, overlay.Mode is null ? TreeMethod.Copy : TreeMethod.Overlay, cancellation);
        if (begun.Method == TreeMethod.Copy) return (begun, null);
        if (overlay.Mode is { } mode) return (begun, new OverlayMount(mode, begun.Folder, tree));
        throw new SandboxException(SandboxFailure.Unavailable, $"The workspace was begun as an overlay, and no overlay can be mounted any longer: {overlay.Refusal}");
    }

    /// <summary>Tried once; anew when the trial itself went wrong.</summary>
    Task<OverlayProbe> ProbeOverlay()
    {
        lock (_gate)
        {
            if (_overlay is null or { IsFaulted: true })
                _overlay = options.Overlays ? OverlayProbe.Run(options.StateDirectory, CancellationToken.None) : Task.FromResult(new OverlayProbe(null, "they are switched off"));
            return _overlay;
        }
    }

    async Task CleanUp(SandboxRecord record)
    {
        if (!await Cgroup.Remove(record.Groups, options.StopTimeout, time)) throw new SandboxException(SandboxFailure.Unavailable, "Processes of the sandbox do not end.");

        if (record.TreeWorkspace is { } folder) TreeWorkspace.Open(folder);
        _records.Remove(record.Id);
    }

    static SandboxException DidNotStart(BubblewrapProcess bubblewrap) =>
        new(SandboxFailure.DidNotStart, $"The sandbox did not start: {bubblewrap.Said}".TrimEnd(' ', ':'));

    static void ThrowIfMissing(SandboxSpec spec)
    {
        string[] needed = [spec.Workspace, .. spec.Tree is null ? [] : (string[])[spec.Tree], spec.Home, spec.ControlDirectory, .. spec.ReadOnly.Keys];
        if (needed.FirstOrDefault(p => !Path.Exists(p)) is { } missing)
            throw new SandboxException(SandboxFailure.DidNotStart, $"The sandbox did not start: {missing} does not exist.");
    }

    static Exception Translate(Exception failure, CancellationToken cancellation) => failure switch
    {
        SandboxException => failure,
        OperationCanceledException when cancellation.IsCancellationRequested => failure,
        OperationCanceledException => new SandboxException(SandboxFailure.DidNotStart, "The sandbox's sidecar did not come up in time.", failure),
        IOException { HResult: 28 or unchecked((int)0x80070070) } => new SandboxException(SandboxFailure.DiskFull, "No space is left on the disk.", failure),
        Win32Exception or IOException => new SandboxException(SandboxFailure.DidNotStart, $"The sandbox did not start: {failure.Message}", failure),
        _ => failure,
    };

    [LoggerMessage(LogLevel.Information, "Sandbox {Sandbox} started in {Milliseconds:0} ms")]
    private partial void LogStarted(SandboxId sandbox, double milliseconds);

    [LoggerMessage(LogLevel.Information, "Sandbox {Sandbox} stopped")]
    private partial void LogStopped(SandboxId sandbox);

    [LoggerMessage(LogLevel.Information, "Sandbox {Sandbox} had ended; what was left of it is removed")]
    private partial void LogGone(SandboxId sandbox);

    [LoggerMessage(LogLevel.Warning, "What is left of sandbox {Sandbox} could not be cleared away; it is tried again")]
    private partial void LogLeft(Exception problem, SandboxId sandbox);
}
