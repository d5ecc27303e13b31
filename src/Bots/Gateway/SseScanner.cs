using System.Buffers;

namespace Bots.Gateway;

/// <summary>
/// Finds the data of server-sent events in a stream that arrives in arbitrary pieces (WHATWG HTML, section 9.2.6).
/// It only looks on: the bytes themselves are passed on before they come here.
/// </summary>
/// <param name="onData">Receives the data of each event, its lines joined by a line feed.</param>
/// <param name="limit">An event with more bytes than this is passed over, so that no stream can fill the memory.</param>
internal sealed class SseScanner(SseScanner.OnData onData, int limit = SseScanner.DefaultLimit)
{
    public const int DefaultLimit = 16 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ArrayBufferWriter<byte> _data = new();
    private bool _hasData;
    private bool _tooLong;
    private bool _afterReturn;

    internal delegate void OnData(ReadOnlySpan<byte> data);

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_afterReturn && bytes[0] == '\n')
            {
                _afterReturn = false;
                bytes = bytes[1..];
                continue;
            }

            _afterReturn = false;
            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                Keep(_line, bytes);
                return;
            }

            // A line that came whole needs no copy.
            if (_line.WrittenCount == 0 && !_tooLong) EndLine(bytes[..end]);
            else
            {
                Keep(_line, bytes[..end]);
                EndLine();
            }

            _afterReturn = bytes[end] == '\r';
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Takes what is there when the stream ends, also without the blank line the standard asks for.</summary>
    public void Finish()
    {
        if (_line.WrittenCount > 0) EndLine();
        EndEvent();
    }

    private void EndLine()
    {
        EndLine(_line.WrittenSpan);
        _line.ResetWrittenCount();
    }

    private void EndLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty) EndEvent();
        else if (line.StartsWith("data:"u8))
        {
            if (_hasData) Keep(_data, "\n"u8);
            Keep(_data, line.StartsWith("data: "u8) ? line[6..] : line[5..]);
            _hasData = true;
        }
    }

    private void EndEvent()
    {
        if (_hasData && !_tooLong) onData(_data.WrittenSpan);
        (_hasData, _tooLong) = (false, false);
        _data.ResetWrittenCount();
    }

    private void Keep(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        if (_tooLong || buffer.WrittenCount + bytes.Length > limit) _tooLong = true;
        else buffer.Write(bytes);
    }
}
