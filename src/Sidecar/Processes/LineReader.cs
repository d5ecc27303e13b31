using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>A line of UTF-8, or a part of a long one.</summary>
/// <param name="Bytes">Valid until the next part is asked for.</param>
/// <param name="Begun">A part of the same line came before.</param>
/// <param name="Ends">It is the line's last.</param>
/// <param name="Dropped">Bytes of the line that were left out before this part.</param>
internal readonly record struct LinePart(ReadOnlyMemory<byte> Bytes, bool Begun, bool Ends, long Dropped);

/// <summary>
/// Splits a stream into lines. A long line comes in parts, whole characters in each, so that no more than two parts are ever in
/// memory here; of one longer than the limit the middle is left out.
/// </summary>
internal sealed class LineReader(Stream stream, int limit, int partBytes = Protocol.PartBytes)
{
    readonly byte[] _line = new byte[2 * partBytes];
    int _length;
    int _taken;
    long _passed;
    long _dropped;

    public async Task ReadAll(Func<LinePart, ValueTask> take)
    {
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer) is var read and > 0)
        {
            for (var rest = buffer.AsMemory(0, read); !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                for (var mine = end < 0 ? rest : rest[..end]; !mine.IsEmpty;)
                {
                    mine = mine[Keep(mine.Span)..];
                    if (_length >= partBytes && _passed + (2 * partBytes) < limit) await take(Part());
                }

                if (end < 0) break;
                await take(Last());
                rest = rest[(end + 1)..];
            }
        }

        if (_passed + _length > 0) await take(Last());
    }

    /// <returns>How many bytes were taken.</returns>
    int Keep(ReadOnlySpan<byte> bytes)
    {
        LetGo();
        if (_length == _line.Length)
        {
            // No part may leave any more: what is left of the line is its end, which is not known yet.
            _line.AsSpan(partBytes).CopyTo(_line);
            _length = partBytes;
            _dropped += partBytes;
        }

        var taken = Math.Min(bytes.Length, _passed + (2 * partBytes) < limit ? Math.Max(0, partBytes - _length) : _line.Length - _length);
        bytes[..taken].CopyTo(_line.AsSpan(_length));
        _length += taken;
        return taken;
    }

    LinePart Part()
    {
        _taken = WholeCharacters(_line.AsSpan(0, _length));
        var part = new LinePart(_line.AsMemory(0, _taken), _passed > 0, Ends: false, 0);
        _passed += _taken;
        return part;
    }

    LinePart Last()
    {
        LetGo();
        var start = 0;
        while (_dropped > 0 && start < Math.Min(3, _length) && (_line[start] & 0xC0) == 0x80) start++;
        var end = _length > start && _line[_length - 1] == '\r' ? _length - 1 : _length;
        var part = new LinePart(_line.AsMemory(start..end), _passed > 0, Ends: true, _dropped + (_dropped > 0 ? start : 0));
        _length = 0;
        _passed = _dropped = 0;
        return part;
    }

    /// <summary>The part that was handed over last is not needed any more.</summary>
    void LetGo()
    {
        _line.AsSpan(_taken, _length - _taken).CopyTo(_line);
        _length -= _taken;
        _taken = 0;
    }

    /// <summary>A character, or a possible end of line, that is not complete stays for the next part.</summary>
    static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        if (bytes[^1] == '\r') return bytes.Length - 1;

        for (var back = 1; back <= Math.Min(3, bytes.Length - 1); back++)
        {
            var first = bytes[^back];
            if ((first & 0xC0) == 0x80) continue;
            var needed = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
            return needed > back ? bytes.Length - back : bytes.Length;
        }

        return bytes.Length;
    }
}
