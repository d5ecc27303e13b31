using Bots.Engine.Sandboxes;
using Bots.Sandbox;

namespace Bots.Gateway;

/// <summary>Puts a push aside on disk while it is checked. The file has no name: whatever happens, nothing of it stays.</summary>
internal sealed class PushSpool(GatewayOptions options, PushRooms rooms, SandboxPaths paths, TimeProvider time)
{
    /// <summary>How long a push may send nothing, and how long it may be slow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Bytes in a second, on the whole, once <see cref="Patience"/> is over: what is slower holds the disk for too long.</summary>
    public const int LeastRate = 64 * 1024;

    private const int ReadSize = 128 * 1024;

    public long MostBytes => options.MaxPushSize.Bytes;

    /// <summary>Takes what comes after the commands.</summary>
    /// <returns>A seekable stream that stands at its beginning; null when it is larger than <see cref="MostBytes"/>.</returns>
    /// <exception cref="FormatException">It comes too slowly, or others hold too much of the disk. The message may be shown to people.</exception>
    public async Task<Stream?> Take(PushBody push, SandboxId sandbox, CancellationToken cancellation)
    {
        var share = await rooms.Spooled.Take(sandbox, 0, cancellation) ?? throw Full();
        var file = Open(share);
        try
        {
            var started = time.GetTimestamp();
            var first = push.Read[push.Request.Length..];
            if (!share.TryGrow(first.Length)) throw Full();
            await file.WriteAsync(first, cancellation);
            var buffer = new byte[ReadSize];
            while (await Read(push.Rest, buffer, cancellation) is > 0 and var count)
            {
                if (file.Length + count > MostBytes)
                {
                    await file.DisposeAsync();
                    return null;
                }

                if (!share.TryGrow(count)) throw Full();
                await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
                var slow = time.GetElapsedTime(started) - Patience;
                if (file.Length < slow.TotalSeconds * LeastRate) throw new FormatException("it comes too slowly");
            }

            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets a refused push run out, since git reads the answer only once it has sent its whole pack. Not for ever, though.</summary>
    public async Task Drain(PushBody push, CancellationToken cancellation)
    {
        var buffer = new byte[ReadSize];
        try
        {
            for (var drained = 0L; drained < 4 * MostBytes;)
            {
                var count = await Read(push.Rest, buffer, cancellation);
                if (count == 0) return;
                drained += count;
            }
        }
        catch (FormatException)
        {
            // Who sends nothing may as well read the answer.
            return;
        }
    }

    private async ValueTask<int> Read(Stream stream, Memory<byte> buffer, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await stream.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new FormatException("it comes too slowly", e);
        }
    }

    private static FormatException Full() => new("the gateway holds as many pushes as it can; push again in a moment");

    private Spooled Open(SharedRoom.Share share)
    {
        var name = Path.Combine(paths.DataDirectory, $"push-{Guid.NewGuid():N}.tmp");
        // The data directory is its owner's alone already.
        var file = new Spooled(name, share);
        File.Delete(name);
        return file;
    }

    private sealed class Spooled(string name, SharedRoom.Share share) : FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024)
    {
        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            share.Dispose();
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            share.Dispose();
        }
    }
}
