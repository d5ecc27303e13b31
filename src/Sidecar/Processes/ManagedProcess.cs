using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>A long-lived process with lines going in and numbered lines coming out.</summary>
internal sealed class ManagedProcess
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    readonly Channel<string> _input = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    readonly Action _changed;
    readonly TimeProvider _time;
    readonly Process? _process;

    public ManagedProcess(Launch launch, IReadOnlyDictionary<string, string> environment, long bufferBytes, Action changed, TimeProvider time)
    {
        _changed = changed;
        _time = time;
        Output = new OutputLog(bufferBytes);
        try
        {
            _process = Spawn.Start(launch, environment);
            Ended = Run(_process);
        }
        catch (Win32Exception failure)
        {
            Ended = Fail(failure.Message);
        }
    }

    public OutputLog Output { get; }

    /// <summary>Completes once <see cref="OutputKind.Exited"/> is in the log.</summary>
    public Task Ended { get; }

    public long LastInput { get; private set; }

    /// <returns>What is wrong with the number; null when the line was taken, now or before.</returns>
    public string? Write(long number, string line)
    {
        if (number <= LastInput) return null;
        if (number > LastInput + 1) return $"Input line {LastInput + 1} was expected, {number} came.";

        LastInput = number;
        _input.Writer.TryWrite(line);
        return null;
    }

    public async Task End()
    {
        if (_process is not null && !Ended.IsCompleted) await ProcessTree.End(_process.Id, _time);
        await Ended;
    }

    async Task Run(Process process)
    {
        using (process)
        {
            var writing = WriteInput(process.StandardInput.BaseStream);
            var reading = Task.WhenAll(
                new LineReader(process.StandardOutput.BaseStream).ReadAll(line => Append(OutputKind.Line, line)),
                new LineReader(process.StandardError.BaseStream).ReadAll(line => Append(OutputKind.ErrorLine, line)));

            await process.WaitForExitAsync();
            _input.Writer.TryComplete();
            await Drain(reading);
            await Append(OutputKind.Exited, null, process.ExitCode);
            await writing;
        }
    }

    /// <summary>Reads what is left. A grandchild may hold the pipe open for ever: then it ends when nothing more comes.</summary>
    async Task Drain(Task reading)
    {
        while (!reading.IsCompleted)
        {
            var before = Output.Last;
            await Task.WhenAny(reading, Task.Delay(Quiet, _time));
            if (before == Output.Last && !Output.Full) return;
        }

        await reading;
    }

    async Task Fail(string message)
    {
        _input.Writer.TryComplete();
        await Append(OutputKind.ErrorLine, message);
        await Append(OutputKind.Exited, null, Spawn.NotFound);
    }

    async Task Append(OutputKind kind, string? text, int? code = null)
    {
        await Output.Append(kind, text, code);
        _changed();
    }

    async Task WriteInput(Stream stream)
    {
        try
        {
            await foreach (var line in _input.Reader.ReadAllAsync())
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
                await stream.FlushAsync();
            }
        }
        catch (IOException)
        {
            // It no longer reads; what becomes of it is told by its exit.
            _input.Writer.TryComplete();
        }
    }
}
