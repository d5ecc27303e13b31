using System.Text;

namespace Bots.Gateway;

/// <summary>One ref that a push wants to change.</summary>
internal sealed record PushCommand(string OldId, string NewId, string Ref)
{
    public bool Creates => OldId.All(digit => digit == '0');

    public bool Deletes => NewId.All(digit => digit == '0');
}

/// <summary>The commands at the head of a push, before its options and its pack (git's gitprotocol-pack, "Reference Update Request").</summary>
/// <param name="Capabilities">What the client and the forge agreed on.</param>
/// <param name="Length">How many bytes the commands take, with the flush that ends them.</param>
internal sealed record PushRequest(IReadOnlyList<PushCommand> Commands, IReadOnlySet<string> Capabilities, int Length = 0)
{
    /// <returns>Null when the input ends before the flush that ends the commands.</returns>
    /// <exception cref="FormatException">This is no push, or one in a form that cannot be checked. The message may be shown to people.</exception>
    public static PushRequest? Parse(ReadOnlySpan<byte> input)
    {
        var whole = input.Length;
        var commands = new List<PushCommand>();
        var capabilities = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var kind = PktLine.Read(input, out var payload, out var consumed);
            if (kind == PktKind.Incomplete) return null;
            if (kind == PktKind.Flush) return new PushRequest(commands, capabilities, whole - input.Length + consumed);
            if (kind == PktKind.Malformed) throw new FormatException("the push is not made of pkt-lines");
            if (Line(payload, capabilities) is { } command) commands.Add(command);
            input = input[consumed..];
        }
    }

    /// <returns>Null for a line that names no ref: the boundaries of a shallow clone.</returns>
    private static PushCommand? Line(ReadOnlySpan<byte> payload, HashSet<string> capabilities)
    {
        // Like git: one line feed at the very end goes first, then everything behind the first NUL is capabilities.
        if (payload.EndsWith("\n"u8)) payload = payload[..^1];
        var nul = payload.IndexOf((byte)0);
        if (nul >= 0)
        {
            capabilities.UnionWith(Encoding.UTF8.GetString(payload[(nul + 1)..]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
            payload = payload[..nul];
        }

        if (payload.SequenceEqual("push-cert"u8)) throw new FormatException("signed pushes (push.gpgSign) are not supported");
        if (payload.StartsWith("shallow "u8) && IsId(payload[8..])) return null;
        var space = payload.IndexOf((byte)' ');
        if (space > 0 && payload.Length > (2 * space) + 2 && payload[(2 * space) + 1] == ' ' && IsId(payload[..space]) && IsId(payload[(space + 1)..((2 * space) + 1)]))
            return new PushCommand(Encoding.ASCII.GetString(payload[..space]), Encoding.ASCII.GetString(payload[(space + 1)..((2 * space) + 1)]), Encoding.UTF8.GetString(payload[((2 * space) + 2)..]));
        throw new FormatException("the push holds a line that is neither a command nor a shallow boundary");
    }

    /// <summary>SHA-1 or SHA-256.</summary>
    private static bool IsId(ReadOnlySpan<byte> text)
    {
        if (text.Length is not (40 or 64)) return false;
        foreach (var digit in text)
            if (!char.IsAsciiHexDigit((char)digit)) return false;
        return true;
    }
}
