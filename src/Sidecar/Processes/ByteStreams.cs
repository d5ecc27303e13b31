using System.Diagnostics;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>Bytes as they come. Both outputs wait for whoever reads them.</summary>
internal sealed class ByteStreams(Process process) : ProcessStreams(process)
{
    public override Task Pump(OutputLog log) => Task.WhenAll(
        Pump(Process.StandardOutput.BaseStream, OutputKind.Bytes, log),
        Pump(Process.StandardError.BaseStream, OutputKind.ErrorBytes, log));

    static async Task Pump(Stream stream, OutputKind kind, OutputLog log)
    {
        var buffer = new byte[Protocol.PartBytes];
        while (await stream.ReadAsync(buffer) is var read and > 0) await log.Append(kind, buffer.AsMemory(0, read));
    }
}
