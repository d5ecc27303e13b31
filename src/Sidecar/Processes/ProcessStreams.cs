using System.Diagnostics;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>A started process and what goes into and comes out of it.</summary>
internal abstract class ProcessStreams(Process process) : IDisposable
{
    public Process Process => process;

    /// <summary>What asks it politely to end.</summary>
    public virtual int PoliteSignal => Native.Terminate;

    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    /// <exception cref="IOException">There is no terminal for it.</exception>
    public static ProcessStreams Start(ToSidecar.Start start, IReadOnlyDictionary<string, string> environment, Action terminalActive, TimeProvider time) => start.Streams switch
    {
        StreamKind.Terminal => TerminalStreams.Open(start, environment, terminalActive, time),
        StreamKind.Bytes => new ByteStreams(Spawn.Start(start.Launch, environment)),
        _ => new LineStreams(Spawn.Start(start.Launch, environment)),
    };

    /// <summary>Puts everything it writes into the log, until it has closed all its outputs.</summary>
    public abstract Task Pump(OutputLog log);

    /// <exception cref="IOException">It no longer reads.</exception>
    public virtual async Task Write(byte[] bytes)
    {
        var input = Process.StandardInput.BaseStream;
        await input.WriteAsync(bytes);
        await input.FlushAsync();
    }

    public virtual void EndInput() => Process.StandardInput.BaseStream.Dispose();

    public virtual void Resize(int columns, int rows)
    {
    }

    /// <summary>Its first process has ended: what it leaves behind in the background may still write.</summary>
    public virtual void Exited()
    {
    }

    public virtual void Dispose() => process.Dispose();
}
