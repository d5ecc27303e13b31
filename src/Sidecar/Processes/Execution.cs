using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>One command, run to its end, or ended when its time is up.</summary>
internal sealed class Execution(ToSidecar.Exec request, IReadOnlyDictionary<string, string> environment, TimeProvider time) : IDisposable
{
    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    readonly CancellationTokenSource _unwanted = new();

    public async Task<ToService.Executed> Run()
    {
        Process process;
        try
        {
            process = Spawn.Start(request.Launch, environment);
        }
        catch (Win32Exception failure)
        {
            return new ToService.Executed(request.Id, Spawn.NotFound, "", failure.Message);
        }

        using (process) return await Run(process);
    }

    public void Cancel() => _unwanted.Cancel();

    public void Dispose() => _unwanted.Dispose();

    async Task<ToService.Executed> Run(Process process)
    {
        var output = new Tail(Protocol.ExecOutputBytes);
        var error = new Tail(Protocol.ExecOutputBytes);
        var reading = Task.WhenAll(output.ReadAll(process.StandardOutput.BaseStream), error.ReadAll(process.StandardError.BaseStream));
        var writing = WriteInput(process.StandardInput.BaseStream);

        var inTime = await Exits(process);
        if (!inTime) await ProcessTree.End(process.Id, time);
        await process.WaitForExitAsync();

        // Whatever it left running in the background may hold the pipes open.
        await Task.WhenAny(reading, Task.Delay(Quiet, time));
        await Task.WhenAny(writing, Task.Delay(Quiet, time));
        return new ToService.Executed(request.Id, inTime ? process.ExitCode : null, output.ToString(), error.ToString());
    }

    async Task<bool> Exits(Process process)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(request.TimeoutMilliseconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _unwanted.Token);
        try
        {
            await process.WaitForExitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    async Task WriteInput(Stream stream)
    {
        try
        {
            await using (stream)
            {
                if (request.StandardInput is { Length: > 0 } input) await stream.WriteAsync(Encoding.UTF8.GetBytes(input));
            }
        }
        catch (IOException)
        {
            // It ended, or closed its input, without reading all of it: its own affair, as in a shell's pipe.
            return;
        }
    }
}
