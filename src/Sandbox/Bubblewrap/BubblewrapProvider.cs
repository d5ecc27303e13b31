using System.ComponentModel;
using Bots.Sandbox.Linux;
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

    public string Name => "bubblewrap";

    public Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation) => BubblewrapCheck.Run(options, cancellation);

    public async Task Start(SandboxSpec spec, CancellationToken cancellation)
    {
        var command = options.FindCommand() ?? throw new SandboxException(SandboxFailure.Unavailable, "bubblewrap is not installed.");
        ThrowIfMissing(spec);
        if (_records.Find(spec.Id)?.Processes().Count > 0) throw new InvalidOperationException($"Sandbox {spec.Id} runs already.");

        var start = time.GetTimestamp();
        try
        {
            await Launch(command, spec, cancellation);
        }
        catch (Exception failure)
        {
            await Stop(spec.Id, CancellationToken.None);
            throw Translate(failure, cancellation);
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

        _records.Remove(sandbox);
        LogStopped(sandbox);
    }

    public Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<RunningSandbox>>(
        [.. _records.All().Where(r => r.Processes().Count > 0).Select(r => new RunningSandbox(r.Id, r.Labels))]);

    public Task<IReadOnlyList<LimitBreach>> Breaches(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<LimitBreach>>([]);

    async Task Launch(string command, SandboxSpec spec, CancellationToken cancellation)
    {
        var etc = Path.Combine(options.StateDirectory, "etc");
        EtcFiles.WriteTo(etc);

        // Remembered before it exists: if we crash in between, it is found by its id.
        var record = new SandboxRecord { Id = spec.Id, Labels = spec.Labels };
        _records.Write(record);

        using var late = new CancellationTokenSource(options.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        using var bubblewrap = BubblewrapProcess.Start(command, spec.Id, BubblewrapArguments.For(spec, options, etc));
        var outer = HostProcess.Find(bubblewrap.Id);
        var init = await bubblewrap.Init(either.Token);
        if (outer is null || init is null) throw DidNotStart(bubblewrap);

        _records.Write(record with { Outer = outer, Init = init });
        if (!await bubblewrap.Ready(either.Token)) throw DidNotStart(bubblewrap);
    }

    static SandboxException DidNotStart(BubblewrapProcess bubblewrap) =>
        new(SandboxFailure.DidNotStart, $"The sandbox did not start: {bubblewrap.Said}".TrimEnd(' ', ':'));

    static void ThrowIfMissing(SandboxSpec spec)
    {
        string[] needed = [spec.Workspace, spec.Home, spec.ControlDirectory, .. spec.ReadOnly.Keys];
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
}
