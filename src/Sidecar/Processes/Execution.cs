using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>One command, run to its end, or ended when its time is up.</summary>
internal sealed class Execution
{
    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    readonly TaskCompletionSource _unwanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TimeProvider _time;

    public Execution(ToSidecar.Exec request, IReadOnlyDictionary<string, string> environment, TimeProvider time)
    {
        _time = time;
        Result = Run(request, environment);
    }

    public Task<ToService.Executed> Result { get; }

    /// <summary>Nobody wants the result any longer: ends the command, if it still runs.</summary>
    public void Cancel() => _unwanted.TrySetResult();

    async Task<ToService.Executed> Run(ToSidecar.Exec request, IReadOnlyDictionary<string, string> environment)
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

        using (process) return await Run(request, process);
    }

    async Task<ToService.Executed> Run(ToSidecar.Exec request, Process process)
    {
        var output = new Tail(Protocol.ExecOutputBytes);
        var error = new Tail(Protocol.ExecOutputBytes);
        var reading = Task.WhenAll(output.ReadAll(process.StandardOutput.BaseStream), error.ReadAll(process.StandardError.BaseStream));
        var writing = WriteInput(request.StandardInput, process.StandardInput.BaseStream);

        var inTime = await Exits(process, TimeSpan.FromMilliseconds(request.TimeoutMilliseconds));
        if (!inTime) await ProcessTree.End(process.Id, Native.Terminate, _time);
        await process.WaitForExitAsync();

        // Whatever it left running in the background may hold the pipes open.
        await Task.WhenAny(reading, Task.Delay(Quiet, _time));
        await Task.WhenAny(writing, Task.Delay(Quiet, _time));
        return new ToService.Executed(request.Id, inTime ? process.ExitCode : null, output.ToString(), error.ToString());
    }

    async Task<bool> Exits(Process process, TimeSpan timeout)
    {
        using var over = new CancellationTokenSource();
        var exit = process.WaitForExitAsync(over.Token);
        var first = await Task.WhenAny(exit, _unwanted.Task, Task.Delay(timeout, _time, over.Token));
        await over.CancelAsync();
        return first == exit;
    }

    static async Task WriteInput(string? input, Stream stream)
    {
        try
        {
            await using (stream)
            {
                if (!string.IsNullOrEmpty(input)) await stream.WriteAsync(Encoding.UTF8.GetBytes(input));
            }
        }
        catch (IOException)
        {
            // It ended, or closed its input, without reading all of it: its own affair, as in a shell's pipe.
            return;
        }
    }
}
