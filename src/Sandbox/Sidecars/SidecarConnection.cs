using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <summary>The connection into one sandbox: requests and readers that outlive the sockets beneath. <see cref="SidecarLink"/> keeps them.</summary>
internal sealed class SidecarConnection(SandboxId sandbox, TimeSpan grace, TimeProvider time, Action onLost) : ISandboxConnection, IDisposable
{
    /// <summary>A hundred years, so that a made-up number is but a long time.</summary>
    const long MostMilliseconds = 36_525L * 24 * 3600 * 1000;
    readonly SidecarLink _link = new(grace, time, onLost);

    public SandboxId Sandbox => sandbox;

    public CancellationToken Lost => _link.Lost;

    public Task<string?> Serve(SidecarSession session, ToService.Hello hello, CancellationToken cancellation) => _link.Serve(session, hello, cancellation);

    public void Lose(string reason, SandboxFailure failure) => _link.Lose(reason, failure);

    public void Dispose() => _link.Dispose();

    public Task Start(string process, ProcessStart start, CancellationToken cancellation) =>
        _link.Ask(id => new ToSidecar.Start(id, process, Launch(start.Command, start.Arguments, start.WorkingDirectory, start.Environment)), cancellation);

    public async Task<bool> IsRunning(string process, CancellationToken cancellation) =>
        await _link.Answer(id => new ToSidecar.Probe(id, process), cancellation) is ToService.Done { Error: null };

    public Task Write(string process, long number, string line, CancellationToken cancellation) =>
        line.AsSpan().ContainsAny('\r', '\n')
            ? throw new ArgumentException("A line holds no line break.", nameof(line))
            : _link.Ask(id => new ToSidecar.Input(id, process, number, NotTooLong(line)), cancellation);

    public Task Kill(string process, CancellationToken cancellation) => _link.Ask(id => new ToSidecar.Kill(id, process), cancellation);

    public Task Acknowledge(string process, long number, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _link.Acknowledge(process, number);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<ProcessOutput> Read(string process, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // An acknowledgement may have been lost with the service that sent it, and a full buffer would wait for it for ever.
        if (after > 0) _link.Acknowledge(process, after);
        var reader = _link.Open(process, after);
        try
        {
            await foreach (var (output, cost) in reader.Arrived.ReadAllAsync(cancellation))
            {
                if (Translate(output) is { } line) yield return line;
                if (output.Kind == OutputKind.Exited) yield break;
                _link.Consumed(reader, cost);
            }
        }
        finally
        {
            _link.Close(reader);
        }
    }

    public async Task<ExecResult> Exec(ExecRequest request, CancellationToken cancellation)
    {
        var launch = Launch(request.Command, request.Arguments, request.WorkingDirectory, request.Environment);
        var id = SidecarLink.NewId();
        try
        {
            var answer = await _link.Request(id, new ToSidecar.Exec(id, launch, NotTooLong(request.Input), (long)request.Timeout.TotalMilliseconds), cancellation);
            return answer is ToService.Executed done
                ? new ExecResult(done.Code, done.StandardOutput, done.StandardError)
                : throw new InvalidOperationException($"The sidecar could not run the command: {(answer as ToService.Done)?.Error}");
        }
        finally
        {
            // Received, or given up: either way the sidecar need not keep it, nor let it go on.
            _link.Forget(id);
        }
    }

    public async Task<IRunningCommand> Run(ExecRequest request, CancellationToken cancellation)
    {
        var launch = Launch(request.Command, request.Arguments, request.WorkingDirectory, request.Environment);
        var timeout = Math.Max(1, (long)request.Timeout.TotalMilliseconds);
        var stream = await SidecarStream.Start(_link, (id, process) => new ToSidecar.Start(id, process, launch, StreamKind.Bytes, timeout), cancellation);

        // Written while the caller reads: with much of both, each would wait for the other. What becomes of it shows in what the command does.
        if (request.Input is { } input) _ = stream.Write(Encoding.UTF8.GetBytes(input), end: true, Lost).ContinueWith(_ => { }, TaskScheduler.Default);
        return new SidecarCommand(stream);
    }

    public async Task<ITerminal> OpenTerminal(TerminalRequest request, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>(request.Environment);
        environment.TryAdd("TERM", "xterm-256color");
        var launch = Launch(request.Command, request.Arguments, request.WorkingDirectory, environment);
        var (columns, rows) = request.Size;
        return new SidecarTerminal(await SidecarStream.Start(
            _link, (id, process) => new ToSidecar.Start(id, process, launch, StreamKind.Terminal, Columns: columns, Rows: rows), cancellation));
    }

    public async Task<SandboxActivity> Activity(CancellationToken cancellation) =>
        await _link.Answer(id => new ToSidecar.Observe(id), cancellation) is ToService.Observed seen
            ? new SandboxActivity
            {
                SinceFileChange = Milliseconds(seen.FileChange),
                AllFilesSeen = seen.AllFiles,
                SinceTerminalActivity = Milliseconds(seen.Terminal),
                OpenTerminals = seen.Terminals,
                OtherProcesses = seen.Processes,
                ProcessNames = seen.Names,
            }
            : throw new InvalidOperationException("The sidecar does not know what goes on.");

    static TimeSpan? Milliseconds(long? count) => count is { } milliseconds ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, MostMilliseconds)) : null;

    static ProcessOutput? Translate(ToService.Output output) => output.Kind switch
    {
        OutputKind.Line => new ProcessOutput.Line(output.Number, output.Text ?? ""),
        OutputKind.ErrorLine => new ProcessOutput.ErrorLine(output.Number, output.Text ?? ""),
        OutputKind.Dropped => new ProcessOutput.Dropped(output.Number, output.DroppedLines, output.DroppedBytes),
        OutputKind.Exited => new ProcessOutput.Exited(output.Number, output.Code ?? -1),
        _ => null,
    };

    [return: NotNullIfNotNull(nameof(input))]
    static string? NotTooLong(string? input) =>
        input?.Length > Protocol.InputCharacters ? throw new ArgumentException($"An input has at most {Protocol.InputCharacters} characters.", nameof(input)) : input;

    static Launch Launch(string command, IReadOnlyList<string> arguments, string directory, IReadOnlyDictionary<string, string> environment) =>
        new(command, [.. arguments], directory, new Dictionary<string, string>(environment));
}
