using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Bots.Sandbox.Wire;
using Bots.Sidecar.Processes;

namespace Bots.Sidecar.Control;

/// <summary>The life of one socket. Where each reader has got to is known here alone, so a new socket starts clean.</summary>
internal sealed class LinkSession(WebSocket socket, ProcessTable processes, TimeProvider time)
{
    readonly FrameSocket<ToSidecar, ToService> _frames = new(socket, Protocol.FrameToSidecarBytes, FrameParser.ToSidecar, FrameJson.Write);
    readonly Channel<ToService> _replies = Channel.CreateUnbounded<ToService>(new UnboundedChannelOptions { SingleReader = true });
    readonly Channel<object> _work = Channel.CreateBounded<object>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly OutputCursors _cursors = new(processes);

    public async Task Run(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await _frames.Send(new ToService.Hello(Protocol.Version, processes.States()), stop);
        processes.Changed = Wake;

        var sending = SendAll(over.Token);
        var receiving = ReceiveAll(over.Token);
        var first = await Task.WhenAny(sending, receiving);
        await over.CancelAsync();
        await Task.WhenAll(sending, receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        await first;
    }

    async Task SendAll(CancellationToken over)
    {
        while (true)
        {
            while (_replies.Reader.TryRead(out var reply)) await _frames.Send(reply, over);

            // One of each process in turn, with replies in between: nobody waits for somebody else's flood.
            var sent = false;
            foreach (var output in _cursors.Next())
            {
                _cursors.Sent(output, await _frames.Send(output, over));
                sent = true;
            }

            if (!sent) await _work.Reader.ReadAsync(over);
        }
    }

    async Task ReceiveAll(CancellationToken over)
    {
        while (await _frames.Receive(over) is { } received) Take(received.Frame);
    }

    void Take(ToSidecar frame)
    {
        switch (frame)
        {
            case ToSidecar.Start start:
                processes.Start(start);
                Reply(new ToService.Done(start.Id, null));
                break;
            case ToSidecar.Input input:
                // Answered when it is taken: whether an agent reads is told by what it answers.
                Reply(new ToService.Done(input.Id, Write(input.Process, input.Number, Encoding.UTF8.GetBytes(input.Line + "\n"), end: false, out _)));
                break;
            case ToSidecar.InputBytes input:
                if (Write(input.Process, input.Number, input.Bytes, input.End, out var written) is { } wrong) Reply(new ToService.Done(input.Id, wrong));
                else _ = ReplyWhen(input.Id, async () => new ToService.Done(input.Id, await written ? null : Protocol.InputClosed));
                break;
            case ToSidecar.Resize resize:
                processes.Find(resize.Process)?.Resize(resize.Columns, resize.Rows);
                Reply(new ToService.Done(resize.Id, null));
                break;
            case ToSidecar.Read read:
                _cursors.Set(read);
                Wake();
                break;
            case ToSidecar.Extend extend:
                _cursors.Extend(extend);
                Wake();
                break;
            case ToSidecar.Acknowledge acknowledge:
                processes.Find(acknowledge.Process)?.Output.Acknowledge(acknowledge.Number);
                break;
            case ToSidecar.Kill kill:
                _ = ReplyWhen(kill.Id, async () => await End(kill));
                break;
            case ToSidecar.Discard discard:
                _ = ReplyWhen(discard.Id, async () => await Discard(discard));
                break;
            case ToSidecar.Probe probe:
                Reply(new ToService.Done(probe.Id, processes.Find(probe.Process) is { Ended.IsCompleted: false } ? null : "It does not run."));
                break;
            case ToSidecar.Exec exec:
                _ = ReplyWhen(exec.Id, async () => await processes.Execute(exec));
                break;
            case ToSidecar.Forget forget:
                processes.Forget(forget.Id);
                Reply(new ToService.Done(forget.Id, null));
                break;
            case ToSidecar.Unreadable unreadable:
                Reply(new ToService.Done(unreadable.Id, $"The sidecar cannot read it: {unreadable.Why}"));
                break;
            case ToSidecar.Observe observe:
                _ = ReplyWhen(observe.Id, () => Task.Run<ToService>(() => Observation.Take(observe.Id, processes, time)));
                break;
        }
    }

    /// <summary>If this socket is gone by then, nothing is lost: the service asks again on the next one.</summary>
    async Task ReplyWhen(string id, Func<Task<ToService>> work)
    {
        try
        {
            Reply(await work());
        }
        catch (Exception failure)
        {
            Reply(new ToService.Done(id, failure.Message));
        }
    }

    async Task<ToService> End(ToSidecar.Kill kill)
    {
        if (processes.Find(kill.Process) is { } process) await process.End();
        return new ToService.Done(kill.Id, null);
    }

    async Task<ToService> Discard(ToSidecar.Discard discard)
    {
        await processes.Discard(discard.Process);
        _cursors.Remove(discard.Process);
        return new ToService.Done(discard.Id, null);
    }

    string? Write(string process, long number, byte[] bytes, bool end, out Task<bool> written)
    {
        if (processes.Find(process) is { } target) return target.Write(number, bytes, end, out written);

        written = Task.FromResult(false);
        return $"No process '{process}' was started.";
    }

    void Reply(ToService frame)
    {
        _replies.Writer.TryWrite(frame);
        Wake();
    }

    void Wake() => _work.Writer.TryWrite(this);
}
