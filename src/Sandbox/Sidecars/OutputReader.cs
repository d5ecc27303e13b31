using System.Net;
using System.Text;
using System.Threading.Channels;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <summary>
/// One reader of one process: what has arrived for it, and how much more the sidecar may send. What it may send is counted here
/// too, so that a sidecar which does not keep to it cannot fill our memory.
/// </summary>
internal sealed class OutputReader(string process, long id, long after)
{
    /// <summary>Room for the parts around what the sidecar leaves out.</summary>
    const int LongestLine = Protocol.LineBytes + (4 * Protocol.PartBytes);
    readonly Channel<Arrival> _arrived = Channel.CreateUnbounded<Arrival>();
    readonly StringBuilder _begun = new();
    long _received = after;
    long _unread;
    long _owed;

    /// <param name="Cost">To be given back with <see cref="Consumed"/> once it was taken.</param>
    public readonly record struct Arrival(ToService.Output Output, int Cost);

    public string Process => process;

    public ChannelReader<Arrival> Arrived => _arrived.Reader;

    long Credit => Protocol.ReadWindow - _unread - _owed;

    /// <summary>Where to go on on a new socket. What has arrived is in memory and need not come again.</summary>
    public ToSidecar.Read Resume()
    {
        _owed = 0;
        return new(process, id, _received, Credit);
    }

    /// <summary>Takes what is ours and new; numbers come in order on each socket, and may repeat on the next.</summary>
    /// <param name="cost">The message's bytes.</param>
    /// <returns>What to tell the sidecar, if it may send more now.</returns>
    /// <exception cref="ProtocolViolationException">It was more than the sidecar may send.</exception>
    public ToSidecar.Extend? Take(ToService.Output output, int cost)
    {
        if (output.Reader != id) return null;
        if (Credit <= 0) throw new ProtocolViolationException($"More of '{process}' was sent than was asked for.");

        if (output.Number <= _received) return Return(cost);

        _received = output.Number;
        if (output.Kind == OutputKind.Part)
        {
            Keep(output);
            return Return(cost);
        }

        if (output.Kind == OutputKind.Line && _begun.Length > 0)
        {
            Keep(output);
            output = output with { Text = _begun.ToString() };
            _begun.Clear();
        }

        _unread += cost;
        _arrived.Writer.TryWrite(new Arrival(output, cost));
        return null;
    }

    /// <summary>The caller has taken what arrived.</summary>
    /// <returns>What to tell the sidecar, if it may send more now.</returns>
    public ToSidecar.Extend? Consumed(int cost)
    {
        _unread -= cost;
        return Return(cost);
    }

    public void End(Exception? reason) => _arrived.Writer.TryComplete(reason);

    /// <summary>A long line comes in parts, with nothing in between.</summary>
    void Keep(ToService.Output part)
    {
        if (_begun.Length + (part.Text?.Length ?? 0) > LongestLine) throw new ProtocolViolationException($"A line of '{process}' was longer than a line can be.");
        _begun.Append(part.Text);
    }

    ToSidecar.Extend? Return(int cost)
    {
        _owed += cost;
        if (_owed < Protocol.ReadWindow / 2) return null;

        var extend = new ToSidecar.Extend(process, id, _owed);
        _owed = 0;
        return extend;
    }
}
