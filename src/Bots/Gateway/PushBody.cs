using System.Buffers;
using System.IO.Compression;

namespace Bots.Gateway;

/// <summary>A push whose commands were read and checked while not a byte of it had left.</summary>
/// <param name="Read">What was taken from the stream to get to the commands; it goes first when the push is sent on.</param>
/// <param name="Rest">The remaining stream.</param>
internal sealed record PushBody(PushRequest Request, ReadOnlyMemory<byte> Read, Stream Rest)
{
    /// <summary>Of the commands, with the boundaries of a shallow clone, of which there may be thousands.</summary>
    private const int MaxCommandBytes = 1024 * 1024;

    /// <summary>A session has one branch; with more refs than this nothing is judged or written down one by one.</summary>
    private const int MostCommands = 100;

    private const int ReadSize = 16 * 1024;

    /// <param name="body">The request body. A compressed one is sent on plain, so that the forge cannot read it differently than we did.</param>
    /// <exception cref="FormatException">This is no push, or one in a form that cannot be checked. The message may be shown to people.</exception>
    public static async Task<PushBody> Open(Stream body, string? encoding, CancellationToken cancellation)
    {
        var plain = encoding?.Trim().ToLowerInvariant() switch
        {
            null or "" or "identity" => body,
            "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => throw new FormatException("the push is compressed in a way the gateway does not know"),
        };
        try
        {
            return await ReadCommands(plain, cancellation);
        }
        catch (InvalidDataException problem)
        {
            throw new FormatException("the push is said to be compressed and is not", problem);
        }
    }

    public async Task CopyTo(Stream target, CancellationToken cancellation)
    {
        await target.WriteAsync(Read, cancellation);
        await Rest.CopyToAsync(target, cancellation);
    }

    private static async Task<PushBody> ReadCommands(Stream body, CancellationToken cancellation)
    {
        var read = new ArrayBufferWriter<byte>(ReadSize);
        var lines = 0;
        while (!EndsAfter(read.WrittenSpan, ref lines))
        {
            if (read.WrittenCount > MaxCommandBytes) throw new FormatException("the push names too many refs at once");
            var count = await body.ReadAsync(read.GetMemory(ReadSize)[..ReadSize], cancellation);
            if (count == 0) throw new FormatException("the push ends before its commands do");
            read.Advance(count);
        }

        var request = PushRequest.Parse(read.WrittenSpan) ?? throw new FormatException("the push ends before its commands do");
        if (request.Commands.Count > MostCommands) throw new FormatException($"the push names too many refs at once, {request.Commands.Count}");
        return new PushBody(request, read.WrittenMemory, body);
    }

    /// <summary>Goes on over whole lines; true at the flush, and at what is no line, which is for the parser to tell.</summary>
    private static bool EndsAfter(ReadOnlySpan<byte> read, ref int lines)
    {
        while (true)
        {
            var kind = PktLine.Read(read[lines..], out _, out var consumed);
            if (kind != PktKind.Data) return kind != PktKind.Incomplete;
            lines += consumed;
        }
    }
}
