namespace Bots.Gateway.Packs;

/// <summary>Applies a delta to its base (git's gitformat-pack, "Deltified representation").</summary>
internal static class PackDelta
{
    /// <exception cref="FormatException">This is no delta, or not one of this base.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> source, ReadOnlySpan<byte> delta, int limit)
    {
        var at = 0;
        if (Size(delta, ref at) != source.Length) throw Broken();
        var size = Size(delta, ref at);
        if (size > limit) throw new FormatException("a commit of the pack is too long");
        var result = new byte[size];
        var done = 0;
        while (at < delta.Length)
        {
            var part = Part(source, delta, ref at);
            if (part.Length > result.Length - done) throw Broken();
            part.CopyTo(result.AsSpan(done));
            done += part.Length;
        }

        return done == result.Length ? result : throw Broken();
    }

    /// <summary>A piece of the base, or bytes of the delta itself.</summary>
    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> source, ReadOnlySpan<byte> delta, ref int at)
    {
        var code = delta[at++];
        if ((code & 0x80) == 0)
        {
            if (code == 0 || code > delta.Length - at) throw Broken();
            at += code;
            return delta[(at - code)..at];
        }

        var (offset, size) = (0L, 0L);
        for (var bit = 0; bit < 4; bit++)
            if ((code & (1 << bit)) != 0) offset |= (long)Next(delta, ref at) << (8 * bit);
        for (var bit = 0; bit < 3; bit++)
            if ((code & (0x10 << bit)) != 0) size |= (long)Next(delta, ref at) << (8 * bit);
        if (size == 0) size = 0x10000;
        return offset + size <= source.Length ? source.Slice((int)offset, (int)size) : throw Broken();
    }

    private static long Size(ReadOnlySpan<byte> delta, ref int at)
    {
        var (size, shift) = (0L, 0);
        while (true)
        {
            var part = Next(delta, ref at);
            if (shift > 42) throw Broken();
            size |= (long)(part & 0x7f) << shift;
            if ((part & 0x80) == 0) return size;
            shift += 7;
        }
    }

    private static byte Next(ReadOnlySpan<byte> delta, ref int at) => at < delta.Length ? delta[at++] : throw Broken();

    private static FormatException Broken() => new("a delta of the pack does not fit its base");
}
