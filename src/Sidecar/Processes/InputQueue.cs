using System.Threading.Channels;

namespace Bots.Sidecar.Processes;

/// <summary>What was sent for a process's input, in order, each piece once, however often it arrives.</summary>
internal sealed class InputQueue
{
    readonly Channel<Piece> _pieces = Channel.CreateUnbounded<Piece>(new UnboundedChannelOptions { SingleReader = true });
    Task<bool> _latest = Task.FromResult(true);

    /// <summary>The number of the last piece taken.</summary>
    public long Last { get; private set; }

    /// <returns>What is wrong with the number; null when the piece was taken, now or before.</returns>
    /// <param name="written">Completes once the process has it; false when it no longer reads.</param>
    public string? Add(long number, byte[] bytes, bool end, out Task<bool> written)
    {
        written = _latest;
        if (number <= Last) return null;
        if (number > Last + 1) return $"Input {Last + 1} was expected, {number} came.";

        Last = number;
        var piece = new Piece(bytes, end, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_pieces.Writer.TryWrite(piece)) piece.Written.SetResult(false);
        written = _latest = piece.Written.Task;
        return null;
    }

    /// <summary>Nothing is taken any more.</summary>
    public void Close() => _pieces.Writer.TryComplete();

    /// <summary>Hands all pieces on until it is closed.</summary>
    public async Task WriteTo(ProcessStreams streams)
    {
        await foreach (var piece in _pieces.Reader.ReadAllAsync())
        {
            try
            {
                if (piece.Bytes.Length > 0) await streams.Write(piece.Bytes);
                if (piece.End) streams.EndInput();
                piece.Written.SetResult(true);
            }
            catch (Exception closed) when (closed is IOException or ObjectDisposedException)
            {
                // It no longer reads; what becomes of it is told by its exit.
                piece.Written.SetResult(false);
                Close();
            }
        }
    }

    sealed record Piece(byte[] Bytes, bool End, TaskCompletionSource<bool> Written);
}
