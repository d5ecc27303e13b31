using System.Runtime.CompilerServices;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <summary>The connection into one sandbox: requests and readers that outlive the sockets beneath. <see cref="SidecarLink"/> keeps them.</summary>
internal sealed class SidecarConnection(SandboxId sandbox, TimeSpan grace, TimeProvider time, Action onLost) : ISandboxConnection, IDisposable
{
    readonly SidecarLink _link = new(grace, time, onLost);

    public SandboxId Sandbox => sandbox;

    public CancellationToken Lost => _link.Lost;

    public Task Serve(SidecarSession session, CancellationToken cancellation) => _link.Serve(session, cancellation);

    public void Lose(string reason, SandboxFailure failure) => _link.Lose(reason, failure);

    public void Dispose() => _link.Dispose();

    public Task Start(string process, ProcessStart start, CancellationToken cancellation) =>
        Ask(id => new ToSidecar.Start(id, process, Launch(start.Command, start.Arguments, start.WorkingDirectory, start.Environment)), cancellation);

    public async Task<bool> IsRunning(string process, CancellationToken cancellation)
    {
        var id = NewId();
        return await _link.Request(id, new ToSidecar.Probe(id, process), cancellation) is ToService.Done { Error: null };
    }

    public Task Write(string process, long number, string line, CancellationToken cancellation) =>
        line.AsSpan().ContainsAny('\r', '\n')
            ? throw new ArgumentException("A line holds no line break.", nameof(line))
            : Ask(id => new ToSidecar.Input(id, process, number, line), cancellation);

    public Task Kill(string process, CancellationToken cancellation) => Ask(id => new ToSidecar.Kill(id, process), cancellation);

    public Task Acknowledge(string process, long number, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _link.Acknowledge(process, number);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<ProcessOutput> Read(string process, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = _link.Open(process, after);
        try
        {
            await foreach (var output in reader.Arrived.ReadAllAsync(cancellation))
            {
                yield return output;
                if (output is ProcessOutput.Exited) yield break;
                _link.Consumed(reader, output.Number);
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
        var id = NewId();
        try
        {
            var answer = await _link.Request(id, new ToSidecar.Exec(id, launch, request.Input, (long)request.Timeout.TotalMilliseconds), cancellation);
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

    async Task Ask(Func<string, ToSidecar> frame, CancellationToken cancellation)
    {
        var id = NewId();
        var answer = await _link.Request(id, frame(id), cancellation);
        if (answer is ToService.Done { Error: { } error }) throw new InvalidOperationException(error);
    }

    static string NewId() => Guid.NewGuid().ToString("N");

    static Launch Launch(string command, IReadOnlyList<string> arguments, string directory, IReadOnlyDictionary<string, string> environment) =>
        new(command, [.. arguments], directory, new Dictionary<string, string>(environment));
}
