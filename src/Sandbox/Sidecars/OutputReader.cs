using System.Threading.Channels;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <summary>One reader of one process: what has arrived for it, and how far the sidecar may send ahead.</summary>
internal sealed class OutputReader(string process, long id, long after)
{
    readonly Channel<ProcessOutput> _arrived = Channel.CreateUnbounded<ProcessOutput>();
    long _received = after;
    long _upTo = after + Protocol.ReadWindow;

    public string Process => process;

    public ChannelReader<ProcessOutput> Arrived => _arrived.Reader;

    /// <summary>Where to go on on a new socket. What has arrived is in memory and need not come again.</summary>
    public ToSidecar.Read Resume() => new(process, id, _received, _upTo);

    /// <summary>Takes what is ours and new; numbers come in order on each socket, and may repeat on the next.</summary>
    public void Take(ToService.Output output)
    {
        if (output.Reader != id || output.Number <= _received) return;

        _received = output.Number;
        _arrived.Writer.TryWrite(output.Kind switch
        {
            OutputKind.Line => new ProcessOutput.Line(output.Number, output.Text ?? ""),
            OutputKind.ErrorLine => new ProcessOutput.ErrorLine(output.Number, output.Text ?? ""),
            _ => new ProcessOutput.Exited(output.Number, output.Code ?? -1),
        });
    }

    /// <summary>The caller has taken up to <paramref name="number"/>.</summary>
    /// <returns>What to tell the sidecar, if it may send more now.</returns>
    public ToSidecar.Extend? Consumed(long number)
    {
        // Output below our first number was acknowledged earlier, so numbers may start higher than expected.
        if (_upTo - number > Protocol.ReadWindow / 2) return null;

        _upTo = number + Protocol.ReadWindow;
        return new ToSidecar.Extend(process, id, _upTo);
    }

    public void End(Exception? reason) => _arrived.Writer.TryComplete(reason);
}
