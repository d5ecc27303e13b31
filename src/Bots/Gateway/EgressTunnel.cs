using System.Buffers;
using System.Net.Sockets;

namespace Bots.Gateway;

/// <summary>Carries bytes both ways until both sides have ended, one breaks off, or nothing moves for too long.</summary>
internal sealed class EgressTunnel(Socket caller, Socket remote, TimeProvider time)
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Longest time without a byte in either direction.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private long _out;
    private long _in;

    public long BytesOut => Interlocked.Read(ref _out);

    public long BytesIn => Interlocked.Read(ref _in);

    /// <summary>Bytes as they are. The end of one direction is passed on alone: the other may have more to say.</summary>
    /// <returns>Why it ended early; null when both sides ended it.</returns>
    public Task<string?> Both(ReadOnlyMemory<byte> first, CancellationToken cancellation) => Run(answerEndsAll: false, async (quiet, over) =>
    {
        await SendOut(first, quiet, over);
        await Copy(caller, remote, count => Interlocked.Add(ref _out, count), quiet, over);
    }, cancellation);

    /// <summary>One request out, and whatever comes back until the other side ends. What the caller sends behind its request goes nowhere.</summary>
    /// <returns>Why it ended early; null when the other side ended it.</returns>
    public Task<string?> Once(ReadOnlyMemory<byte> head, EgressBody body, ReadOnlyMemory<byte> first, CancellationToken cancellation) => Run(answerEndsAll: true, async (quiet, over) =>
    {
        await SendOut(head, quiet, over);
        await SendBody(body, first, quiet, over);
    }, cancellation);

    private async Task<string?> Run(bool answerEndsAll, Func<CancellationTokenSource, CancellationToken, Task> outward, CancellationToken cancellation)
    {
        using var quiet = new CancellationTokenSource(Idle, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation, quiet.Token);
        var sending = EndAll(outward(quiet, over.Token), over, always: false);
        var receiving = EndAll(Copy(remote, caller, count => Interlocked.Add(ref _in, count), quiet, over.Token), over, answerEndsAll);
        var both = Task.WhenAll(sending, receiving);
        await both.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (both.IsCompletedSuccessfully || (answerEndsAll && receiving.IsCompletedSuccessfully)) return null;
        if (quiet.IsCancellationRequested) return $"nothing moved for {Idle.TotalMinutes:0} minutes";
        return sending.Exception?.InnerException is FormatException malformed ? malformed.Message : "broken off";
    }

    /// <summary>A direction that breaks off takes the other with it.</summary>
    private static async Task EndAll(Task direction, CancellationTokenSource over, bool always)
    {
        try
        {
            await direction;
            if (always) await over.CancelAsync();
        }
        catch
        {
            await over.CancelAsync();
            throw;
        }
    }

    private async Task SendOut(ReadOnlyMemory<byte> bytes, CancellationTokenSource quiet, CancellationToken cancellation)
    {
        await Send(remote, bytes, quiet, cancellation);
        Interlocked.Add(ref _out, bytes.Length);
    }

    private async Task SendBody(EgressBody body, ReadOnlyMemory<byte> first, CancellationTokenSource quiet, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (true)
            {
                var taken = body.Take(first.Span);
                await SendOut(first[..taken], quiet, cancellation);
                if (body.IsDone) return;
                var count = await caller.ReceiveAsync(buffer.AsMemory(), cancellation);
                if (count == 0) throw new FormatException("its body ends too early");
                first = buffer.AsMemory(0, count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task Copy(Socket from, Socket to, Action<int> moved, CancellationTokenSource quiet, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await from.ReceiveAsync(buffer.AsMemory(), cancellation) is > 0 and var count)
            {
                await Send(to, buffer.AsMemory(0, count), quiet, cancellation);
                moved(count);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task Send(Socket to, ReadOnlyMemory<byte> bytes, CancellationTokenSource quiet, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            var sent = await to.SendAsync(bytes, cancellation);
            bytes = bytes[sent..];
            quiet.CancelAfter(Idle);
        }
    }
}
