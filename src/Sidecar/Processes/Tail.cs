using System.Text;

namespace Bots.Sidecar.Processes;

/// <summary>Keeps the end of a stream: the last bytes up to a limit.</summary>
internal sealed class Tail(int limit)
{
    readonly Lock _gate = new();
    byte[] _kept = new byte[4096];
    int _length;

    public async Task ReadAll(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0) Add(buffer.AsSpan(0, read));
    }

    void Add(ReadOnlySpan<byte> part)
    {
        lock (_gate)
        {
            // Twice the limit before anything is moved: each byte is moved once at most.
            if (_length + part.Length > limit * 2)
            {
                _kept.AsSpan(_length - limit, limit).CopyTo(_kept);
                _length = limit;
            }

            if (_length + part.Length > _kept.Length) Array.Resize(ref _kept, Math.Max(_kept.Length * 2, _length + part.Length));
            part.CopyTo(_kept.AsSpan(_length));
            _length += part.Length;
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            var start = Math.Max(0, _length - limit);
            // Not in the middle of a character.
            while (start > 0 && start < _length && (_kept[start] & 0xC0) == 0x80) start++;
            return Encoding.UTF8.GetString(_kept, start, _length - start);
        }
    }
}
