using System.Buffers;

namespace Bots.Gateway.Packs;

/// <summary>Git's numbers of what an entry of a pack is.</summary>
internal enum PackKind
{
    Commit = 1,
    Tree = 2,
    Blob = 3,
    Tag = 4,

    /// <summary>A difference to an entry that stands before it in the pack.</summary>
    OffsetDelta = 6,

    /// <summary>A difference to an object that is named by its id, and may not be in the pack.</summary>
    IdDelta = 7,
}

/// <summary>The head of one entry of a pack (git's gitformat-pack, "Pack file entry").</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Size">Of the inflated object or delta.</param>
/// <param name="BaseAt">Of an offset delta; 0 otherwise.</param>
/// <param name="BaseId">Of an id delta, in hexadecimal digits; null otherwise.</param>
/// <param name="DataAt">Where its compressed form begins.</param>
internal sealed record PackEntry(long At, PackKind Kind, long Size, long BaseAt, string? BaseId, long DataAt)
{
    /// <param name="idBytes">20 for SHA-1, 32 for SHA-256.</param>
    /// <exception cref="FormatException">This is no such head.</exception>
    public static PackEntry Read(Stream pack, int idBytes)
    {
        var at = pack.Position;
        var first = Next(pack);
        var kind = (PackKind)((first >> 4) & 7);
        long size = first & 15;
        for (var (shift, more) = (4, (first & 0x80) != 0); more; shift += 7)
        {
            if (shift > 46) throw new FormatException("an object of the pack is impossibly long");
            var part = Next(pack);
            size |= (long)(part & 0x7f) << shift;
            more = (part & 0x80) != 0;
        }

        return kind switch
        {
            PackKind.Commit or PackKind.Tree or PackKind.Blob or PackKind.Tag => new(at, kind, size, 0, null, pack.Position),
            PackKind.OffsetDelta => new(at, kind, size, BaseOf(pack, at), null, pack.Position),
            PackKind.IdDelta => new(at, kind, size, 0, Id(pack, idBytes), pack.Position),
            _ => throw new FormatException("the pack holds an object of an unknown kind"),
        };
    }

    /// <summary>Inflates it into memory, wherever the stream stands.</summary>
    /// <exception cref="FormatException">It is broken, or longer than <paramref name="limit"/>.</exception>
    public byte[] Content(Stream pack, int limit, CancellationToken cancellation)
    {
        if (Size > limit) throw new FormatException("a commit of the pack is too long");
        var content = new ArrayBufferWriter<byte>((int)Size + 1);
        pack.Position = DataAt;
        PackZlib.Inflate(pack, Size, content.Write, cancellation);
        return content.WrittenSpan.ToArray();
    }

    private static long BaseOf(Stream pack, long at)
    {
        var part = Next(pack);
        long back = part & 0x7f;
        while ((part & 0x80) != 0)
        {
            part = Next(pack);
            if (back > 1L << 48) throw new FormatException("a delta of the pack has no base");
            back = ((back + 1) << 7) | (uint)(part & 0x7f);
        }

        return back > 0 && back < at ? at - back : throw new FormatException("a delta of the pack has no base");
    }

    private static string Id(Stream pack, int bytes)
    {
        Span<byte> id = stackalloc byte[bytes];
        if (pack.ReadAtLeast(id, bytes, throwOnEndOfStream: false) < bytes) throw new FormatException("the pack ends too early");
        return Convert.ToHexStringLower(id);
    }

    private static int Next(Stream pack) => pack.ReadByte() is >= 0 and var read ? read : throw new FormatException("the pack ends too early");
}
