using System.Globalization;
using System.Text;

namespace Bots.Gateway;

/// <summary>Finds the end of a request's body, so that nothing behind it is passed on as a second request.</summary>
/// <param name="length">Bytes; null for a body in chunks (RFC 9112, section 7.1), without extensions and trailers.</param>
internal sealed class EgressBody(long? length)
{
    private const int LongestSize = 15;

    private readonly StringBuilder _line = new();
    private long _left = length ?? 0;
    private State _state = length switch { null => State.Size, 0 => State.Done, _ => State.Data };

    private enum State
    {
        Data,
        Size,
        AfterData,
        Last,
        Done,
    }

    public bool IsDone => _state == State.Done;

    /// <returns>How many of the bytes are the body's.</returns>
    /// <exception cref="FormatException">The chunks are malformed.</exception>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (taken < bytes.Length && !IsDone)
        {
            if (_state != State.Data)
            {
                Line((char)bytes[taken++]);
                continue;
            }

            var count = (int)Math.Min(_left, bytes.Length - taken);
            (taken, _left) = (taken + count, _left - count);
            if (_left == 0) _state = length is null ? State.AfterData : State.Done;
        }

        return taken;
    }

    private void Line(char next)
    {
        _line.Append(next);
        if (_line.Length > LongestSize + 2) throw new FormatException("its chunks are not plain ones");
        if (next != '\n') return;
        var line = _line.ToString();
        _line.Clear();
        if (!line.EndsWith("\r\n", StringComparison.Ordinal)) throw new FormatException("its chunks are not plain ones");
        _state = Next(line[..^2]);
    }

    private State Next(string line)
    {
        if (_state != State.Size) return line.Length > 0 ? throw new FormatException("its chunks are not plain ones") : _state == State.Last ? State.Done : State.Size;
        if (!long.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left)) throw new FormatException("its chunks are not plain ones");
        return _left == 0 ? State.Last : State.Data;
    }
}
