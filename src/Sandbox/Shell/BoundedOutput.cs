using System.Buffers;
using System.Text;

namespace Bots.Sandbox.Shell;

/// <summary>The beginning and the end of what is written, and how much between them is left out.</summary>
internal sealed class BoundedOutput(int limit)
{
    readonly ArrayBufferWriter<byte> _head = new();
    byte[] _tail = [];
    long _tailBytes;

    int HeadLimit => limit / 2;

    int TailLimit => limit - HeadLimit;

    public long Omitted => Math.Max(0, _tailBytes - TailLimit);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var head = Math.Min(bytes.Length, HeadLimit - _head.WrittenCount);
        _head.Write(bytes[..head]);
        bytes = bytes[head..];
        if (bytes.IsEmpty) return;

        if (_tail.Length == 0) _tail = new byte[TailLimit];
        if (bytes.Length > TailLimit)
        {
            _tailBytes += bytes.Length - TailLimit;
            bytes = bytes[^TailLimit..];
        }

        var position = (int)(_tailBytes % TailLimit);
        var first = Math.Min(bytes.Length, TailLimit - position);
        bytes[..first].CopyTo(_tail.AsSpan(position));
        bytes[first..].CopyTo(_tail);
        _tailBytes += bytes.Length;
    }

    public byte[] ToArray()
    {
        if (_tailBytes <= TailLimit) return [.. _head.WrittenSpan, .. _tail.AsSpan(0, (int)_tailBytes)];

        var position = (int)(_tailBytes % TailLimit);
        return [.. _head.WrittenSpan, .. _tail.AsSpan(position), .. _tail.AsSpan(0, position)];
    }

    public override string ToString() => Encoding.UTF8.GetString(ToArray());
}
