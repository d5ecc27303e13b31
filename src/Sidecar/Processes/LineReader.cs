using System.Text;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>Splits a stream into lines of UTF-8. A line longer than the limit is cut there, the rest of it left out.</summary>
internal sealed class LineReader(Stream stream, int limit = Protocol.LineBytes)
{
    byte[] _line = new byte[1024];
    int _length;

    public async Task ReadAll(Func<string, Task> take)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await stream.ReadAsync(buffer);
            if (read == 0) break;

            for (var rest = buffer.AsMemory(0, read); !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                Keep(rest.Span[..(end < 0 ? rest.Length : end)]);
                if (end < 0) break;
                await take(Line());
                rest = rest[(end + 1)..];
            }
        }

        if (_length > 0) await take(Line());
    }

    void Keep(ReadOnlySpan<byte> part)
    {
        part = part[..Math.Min(part.Length, limit - _length)];
        if (_length + part.Length > _line.Length) Array.Resize(ref _line, Math.Min(limit, Math.Max(_line.Length * 2, _length + part.Length)));
        part.CopyTo(_line.AsSpan(_length));
        _length += part.Length;
    }

    string Line()
    {
        var length = _length > 0 && _line[_length - 1] == '\r' ? _length - 1 : _length;
        var text = Encoding.UTF8.GetString(_line, 0, length);
        _length = 0;
        if (_line.Length > 256 * 1024) _line = new byte[1024];
        return text;
    }
}
