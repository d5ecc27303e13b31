using System.Diagnostics;
using System.Text;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>A process on a terminal of its own, which it leads: keys in, what the screen gets out.</summary>
internal sealed class TerminalStreams : ProcessStreams
{
    readonly PseudoTerminal _terminal;
    readonly Action _active;
    readonly TimeProvider _time;

    /// <summary>What the shell that opens the terminal says when it cannot.</summary>
    readonly Task<string> _errors;

    TerminalStreams(Process process, PseudoTerminal terminal, Action active, TimeProvider time) : base(process)
    {
        _terminal = terminal;
        _active = active;
        _time = time;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Shells pass over the usual polite signal when somebody sits before them.</summary>
    public override int PoliteSignal => Native.HangUp;

    public static TerminalStreams Open(ToSidecar.Start start, IReadOnlyDictionary<string, string> environment, Action active, TimeProvider time)
    {
        var terminal = PseudoTerminal.Open();
        try
        {
            terminal.Resize(start.Columns, start.Rows);
            return new TerminalStreams(Spawn.StartOn(terminal.Name, start.Launch, environment), terminal, active, time);
        }
        catch
        {
            terminal.Dispose();
            throw;
        }
    }

    /// <summary>On a thread of its own: a terminal can only be read by waiting for it.</summary>
    public override async Task Pump(OutputLog log)
    {
        await Task.Factory.StartNew(() => ReadAll(log), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await _errors is { Length: > 0 } wrong) await log.Append(OutputKind.Bytes, Encoding.UTF8.GetBytes(wrong));
    }

    public override Task Write(byte[] bytes)
    {
        _active();
        return _terminal.Write(bytes, _time);
    }

    /// <summary>A terminal has no end of input: a key stands for it.</summary>
    public override void EndInput()
    {
    }

    public override void Resize(int columns, int rows) => _terminal.Resize(columns, rows);

    public override void Exited() => _terminal.Release();

    public override void Dispose()
    {
        _terminal.Dispose();
        base.Dispose();
    }

    void ReadAll(OutputLog log)
    {
        var buffer = new byte[Protocol.PartBytes];
        while (_terminal.Read(buffer) is var read and > 0)
        {
            _active();
            log.Append(OutputKind.Bytes, buffer.AsMemory(0, read)).AsTask().GetAwaiter().GetResult();
        }
    }
}
