namespace Bots.Sandbox.Shell;

/// <summary>
/// A <c>/bin/sh</c> that stays, jailed by bubblewrap: commands see one folder, writable, at <c>/workspace</c>, the system read-only, no
/// network, no other processes and none of our environment. What a command changes in the shell, its directory and exports above all, the
/// next one finds. It needs nothing of the rest of this library: <c>docs/jailed-shell.md</c> has the prerequisites and an example.
/// </summary>
/// <remarks>
/// Any number of callers may run commands at the same time; they are run one after the other, in the order they were asked for.
/// The jail starts with the first command and ends when this is disposed of, or when our process ends, however it does.
/// </remarks>
public sealed class JailedShell : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    readonly SemaphoreSlim _turn = new(1);
    readonly JailedShellOptions _options;
    readonly TimeProvider _time;
    Jail? _jail;
    long _commands;
    bool _disposed;

    /// <exception cref="ArgumentException">An option makes no sense; the message says which.</exception>
    public JailedShell(JailedShellOptions options, TimeProvider? time = null)
    {
        options.Validate();
        _options = options;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>
    /// Runs a command, which may be a whole script, and returns when it has ended. What it left running in the background runs on; what
    /// that prints afterwards is thrown away. Commands read an empty input unless they are given one.
    /// </summary>
    /// <param name="command">Without NUL characters.</param>
    /// <param name="timeout">How long it may run, waiting for its turn not included; null for the options'.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <exception cref="OperationCanceledException">It was not begun, or it was ended as if its time had been up.</exception>
    /// <exception cref="SandboxException">The jail could not be started.</exception>
    /// <exception cref="ObjectDisposedException">The shell was disposed of, maybe while the command ran.</exception>
    public async Task<ShellResult> Run(string command, TimeSpan? timeout = null, string? input = null, CancellationToken cancellation = default)
    {
        if (command.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("A command has no NUL characters.", nameof(command));

        await _turn.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _jail ??= await Jail.Start(_options, new JailFolder(), _time, cancellation);
            return await Run(_jail, command, input, timeout ?? _options.Timeout, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the shell and everything that was started in it.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (Volatile.Read(ref _jail) is { } running) await running.Kill();

        await _turn.WaitAsync();
        try
        {
            await Leave();
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task<ShellResult> Run(Jail jail, string command, string? input, TimeSpan timeout, CancellationToken cancellation)
    {
        using var files = CommandFiles.Write(jail.Folder, ++_commands, command, input, _options.OutputBytes);
        using var late = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var before = JailProcesses.Below(jail.Init.Id).Select(p => p.Process).ToHashSet();
        var start = _time.GetTimestamp();
        var end = await jail.Run(files.Number, either.Token);
        var duration = _time.GetElapsedTime(start);
        if (end == JailEnd.Late) JailProcesses.Kill(jail, before);

        // A shell that is killed, or that ended by itself, is followed by another.
        var state = end.Shell;
        if (state == ShellState.Renewed && !await jail.Renew(Patience)) state = ShellState.Lost;
        if (state == ShellState.Lost) await Leave();

        await files.Complete();
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellation.ThrowIfCancellationRequested();
        return new ShellResult
        {
            ExitCode = end.Code,
            Output = files.Output.ToString(),
            Error = files.Error.ToString(),
            OutputBytes = files.Output.ToArray(),
            ErrorBytes = files.Error.ToArray(),
            OutputOmitted = files.Output.Omitted,
            ErrorOmitted = files.Error.Omitted,
            Duration = duration,
            TimedOut = end == JailEnd.Late,
            State = state,
        };
    }

    async Task Leave()
    {
        if (_jail is null) return;

        await _jail.DisposeAsync();
        _jail = null;
    }
}
