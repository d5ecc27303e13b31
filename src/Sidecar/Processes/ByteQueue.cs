namespace Bots.Sidecar.Processes;

/// <summary>
/// Bytes in the order they came, kept until they are let go, oldest first. What is let go is used again: a gigabyte that passes
/// through leaves nothing for the garbage collector, which would let it pile up first.
/// </summary>
internal sealed class ByteQueue
{
    const int ChunkBytes = 64 * 1024;
    const int MostSpare = 32;
    readonly List<byte[]> _chunks = [];
    readonly Stack<byte[]> _spare = [];
    long _first;
    long _end;

    /// <returns>Where they begin, counted from the first byte that ever came.</returns>
    public long Add(ReadOnlySpan<byte> bytes)
    {
        var start = _end;
        while (!bytes.IsEmpty)
        {
            var offset = (int)(_end - _first);
            if (offset == _chunks.Count * ChunkBytes) _chunks.Add(_spare.TryPop(out var spare) ? spare : new byte[ChunkBytes]);
            var room = _chunks[^1].AsSpan(offset % ChunkBytes);
            var taken = Math.Min(room.Length, bytes.Length);
            bytes[..taken].CopyTo(room);
            bytes = bytes[taken..];
            _end += taken;
        }

        return start;
    }

    public void CopyTo(long start, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            var offset = (int)(start - _first);
            var chunk = _chunks[offset / ChunkBytes].AsSpan(offset % ChunkBytes);
            var taken = Math.Min(chunk.Length, target.Length);
            chunk[..taken].CopyTo(target);
            target = target[taken..];
            start += taken;
        }
    }

    /// <summary>What lies before <paramref name="position"/> is not needed any more.</summary>
    public void LetGo(long position)
    {
        var gone = (int)((position - _first) / ChunkBytes);
        foreach (var chunk in _chunks[..gone])
        {
            if (_spare.Count < MostSpare) _spare.Push(chunk);
        }

        _chunks.RemoveRange(0, gone);
        _first += (long)gone * ChunkBytes;
    }
}
