using System.Buffers;
using System.Diagnostics;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>Lines. Standard output waits for whoever reads it; the error output waits for nobody.</summary>
internal sealed class LineStreams(Process process) : ProcessStreams(process)
{
    const int ErrorPartBytes = Protocol.ErrorLineBytes / 4;

    public override Task Pump(OutputLog log) => Task.WhenAll(PumpOutput(log), PumpErrors(log));

    Task PumpOutput(OutputLog log) => new LineReader(Process.StandardOutput.BaseStream, Protocol.LineBytes).ReadAll(async part =>
    {
        await log.Append(part.Ends ? OutputKind.Line : OutputKind.Part, part.Bytes, part.Begun);
        if (part.Dropped > 0) log.AppendDropped(part.Dropped);
    });

    Task PumpErrors(OutputLog log)
    {
        var line = new ArrayBufferWriter<byte>(ErrorPartBytes);
        return new LineReader(Process.StandardError.BaseStream, Protocol.ErrorLineBytes, ErrorPartBytes).ReadAll(part =>
        {
            line.Write(part.Bytes.Span);
            if (!part.Ends) return ValueTask.CompletedTask;

            log.AppendError(line.WrittenSpan, part.Dropped);
            line.ResetWrittenCount();
            return ValueTask.CompletedTask;
        });
    }
}
