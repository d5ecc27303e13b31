using System.Runtime.CompilerServices;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <summary>A process that belongs to whoever started it: bytes in, bytes out, gone when it is disposed of.</summary>
internal sealed class SidecarStream : IAsyncDisposable
{
    readonly SidecarLink _link;
    readonly string _process = $"{Protocol.OwnedPrefix}{Guid.NewGuid():N}";
    readonly SemaphoreSlim _writing = new(1);
    long _written;
    int _read;
    bool _disposed;

    SidecarStream(SidecarLink link) => _link = link;

    /// <param name="start">Makes the request of its id and the process's name.</param>
    public static async Task<SidecarStream> Start(SidecarLink link, Func<string, string, ToSidecar.Start> start, CancellationToken cancellation)
    {
        var stream = new SidecarStream(link);
        link.Own(stream._process);
        try
        {
            await link.Ask(id => start(id, stream._process), cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes in order, also when called at the same time from several places.</summary>
    /// <returns>False when the process no longer reads.</returns>
    public async Task<bool> Write(ReadOnlyMemory<byte> bytes, bool end, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            do
            {
                if (_disposed) return false;

                var part = bytes[..Math.Min(bytes.Length, Protocol.PartBytes)].ToArray();
                bytes = bytes[part.Length..];
                var number = ++_written;
                var answer = await _link.Answer(id => new ToSidecar.InputBytes(id, _process, number, part, end && bytes.IsEmpty), cancellation);
                if (answer is ToService.Done { Error: { } error })
                    return error == Protocol.InputClosed || _disposed ? false : throw new InvalidOperationException(error);
            }
            while (!bytes.IsEmpty);
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    public Task Resize(int columns, int rows, CancellationToken cancellation) =>
        _link.Ask(id => new ToSidecar.Resize(id, _process, columns, rows), cancellation);

    /// <summary>All output from the start, up to and with the exit. What was taken is gone for good, so this can be done once.</summary>
    public async IAsyncEnumerable<ToService.Output> Read([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _read, 1) != 0) throw new InvalidOperationException("Its output can be read once.");

        var reader = _link.Open(_process, after: 0);
        try
        {
            await foreach (var (output, cost) in reader.Arrived.ReadAllAsync(cancellation))
            {
                yield return output;
                if (output.Kind == OutputKind.Exited) yield break;
                _link.Acknowledge(_process, output.Number);
                _link.Consumed(reader, cost);
            }
        }
        finally
        {
            _link.Close(reader);
        }
    }

    /// <summary>Ends the process, if it still runs.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        _link.Disown(_process);
        return ValueTask.CompletedTask;
    }
}
