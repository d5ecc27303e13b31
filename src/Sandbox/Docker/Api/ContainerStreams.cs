using System.Buffers.Binary;
using System.Text;

namespace Bots.Sandbox.Docker.Api;

/// <summary>
/// A container's standard streams. What it writes comes in frames (the API's section on attaching): one byte that says which stream, three
/// of no meaning, the length in four, then as many bytes.
/// </summary>
internal sealed class ContainerStreams(HttpResponseMessage response, Stream stream) : IDisposable
{
    const int HeaderBytes = 8;
    const int LongestLine = 64 * 1024;
    readonly Queue<string> _lines = [];
    readonly List<byte> _rest = [];

    public async Task WriteLine(string line, CancellationToken cancellation)
    {
        await EngineSocket.Guarded(async () =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + '\n'), cancellation);
            await stream.FlushAsync(cancellation);
            return true;
        });
    }

    /// <summary>The next line of either output. A longer one than 64 KiB comes in parts.</summary>
    /// <returns>Null when the container has ended.</returns>
    public async Task<string?> ReadLine(CancellationToken cancellation)
    {
        while (_lines.Count == 0)
        {
            if (await EngineSocket.Guarded(() => Fill(cancellation))) continue;
            if (_rest.Count == 0) return null;
            EndLine();
        }

        return _lines.Dequeue();
    }

    public void Dispose()
    {
        stream.Dispose();
        response.Dispose();
    }

    async Task<bool> Fill(CancellationToken cancellation)
    {
        var header = new byte[HeaderBytes];
        if (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellation) < HeaderBytes) return false;

        var left = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
        var buffer = new byte[Math.Min(left, LongestLine)];
        while (left > 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellation);
            if (read == 0) return false;
            left -= (uint)read;
            foreach (var letter in buffer.AsSpan(0, read)) Take(letter);
        }

        return true;
    }

    void Take(byte letter)
    {
        if (letter != '\n') _rest.Add(letter);
        if (letter == '\n' || _rest.Count == LongestLine) EndLine();
    }

    void EndLine()
    {
        _lines.Enqueue(Encoding.UTF8.GetString([.. _rest]).TrimEnd('\r'));
        _rest.Clear();
    }
}
