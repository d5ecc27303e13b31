using System.Globalization;
using System.Text;
using Bots.Engine.Gateway;

namespace Bots.Gateway;

/// <summary>The one request of a connection to another host: <c>CONNECT host:port</c>, or an absolute <c>http://</c> address.</summary>
/// <param name="Path">What the other host is asked for; null for CONNECT.</param>
/// <param name="Version"><c>HTTP/1.1</c> or <c>HTTP/1.0</c>.</param>
/// <param name="BodyLength">Bytes of the body; null when it is sent in chunks.</param>
internal sealed record EgressRequest(string Method, EgressTarget Target, string? Path, string Version, IReadOnlyList<EgressHeader> Headers, long? BodyLength)
{
    /// <summary>For this connection alone (RFC 9110, section 7.6.1), or told anew.</summary>
    private static readonly HashSet<string> NotPassedOn = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "Keep-Alive", "TE", "Trailer", "Upgrade", "HTTP2-Settings",
    };

    private static readonly HashSet<string> MustStay = new(StringComparer.OrdinalIgnoreCase) { "Host", "Content-Length", "Transfer-Encoding" };

    /// <param name="head">Up to and including the empty line.</param>
    /// <exception cref="FormatException">It is malformed, or could be read in two ways. The message is the end of a sentence people read.</exception>
    public static EgressRequest Parse(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head[..^4]).Split("\r\n");
        if (lines[0].Split(' ') is not [{ Length: > 0 } method, var target, "HTTP/1.1" or "HTTP/1.0"]) throw new FormatException("its first line is not that of an HTTP/1.1 request");
        var headers = lines.Skip(1).Select(EgressHeader.Parse).ToList();
        var version = lines[0][^8..];
        var hosts = headers.Count(h => h.Is("Host"));
        if (hosts > 1 || (hosts == 0 && version == "HTTP/1.1")) throw new FormatException("it needs one Host header");
        if (Tokens(headers, "Connection").Any(MustStay.Contains)) throw new FormatException("its Connection header names what must be passed on");
        return method == "CONNECT" ? Connect(target, version, headers) : Absolute(method, target, version, headers);
    }

    /// <summary>The value of a header that may come once; null when it is not there.</summary>
    /// <exception cref="FormatException">It is there twice.</exception>
    public string? Header(string name) => Only(Headers, name);

    /// <summary>What the other host is told: its own part of the address, and that this connection is for one request.</summary>
    public byte[] Rewrite()
    {
        var named = Tokens(Headers, "Connection").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var authority = Target.Port == 80 ? Target.ToString()[..^3] : Target.ToString();
        var head = new StringBuilder($"{Method} {Path} {Version}\r\nHost: {authority}\r\n");
        foreach (var header in Headers.Where(h => !NotPassedOn.Contains(h.Name) && !named.Contains(h.Name))) head.Append($"{header.Name}: {header.Value}\r\n");
        return Encoding.Latin1.GetBytes(head.Append("Connection: close\r\n\r\n").ToString());
    }

    private static EgressRequest Connect(string authority, string version, List<EgressHeader> headers)
    {
        if (headers.Exists(h => h.Is("Transfer-Encoding")) || Length(headers) is > 0) throw new FormatException("CONNECT has no body");
        return new("CONNECT", Read(authority, null), null, version, headers, 0);
    }

    private static EgressRequest Absolute(string method, string address, string version, List<EgressHeader> headers)
    {
        const string Scheme = "http://";
        if (method.Any(c => !char.IsAsciiLetterUpper(c))) throw new FormatException("its method is none");
        if (address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) throw new FormatException("https is asked for with CONNECT");
        if (!address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) throw new FormatException("its address is not an http:// one");
        if (address.Any(c => c is <= ' ' or > '~' or '#' or '\\')) throw new FormatException("its address has characters that no address has");
        var rest = address[Scheme.Length..];
        var end = rest.IndexOfAny(['/', '?']);
        var (authority, path) = end < 0 ? (rest, "/") : (rest[..end], rest[end] == '/' ? rest[end..] : "/" + rest[end..]);
        return new(method, Read(authority, 80), path, version, headers, Framing(version, headers));
    }

    private static EgressTarget Read(string authority, int? defaultPort) =>
        EgressTarget.TryParse(authority, defaultPort, out var target, out var problem) ? target : throw new FormatException(problem);

    /// <summary>A body has one length that everybody reads alike (RFC 9112, section 6.3).</summary>
    private static long? Framing(string version, List<EgressHeader> headers)
    {
        if (!headers.Exists(h => h.Is("Transfer-Encoding"))) return Length(headers) ?? 0;
        if (version != "HTTP/1.1" || headers.Exists(h => h.Is("Content-Length"))) throw new FormatException("its body has two lengths");
        return string.Equals(Only(headers, "Transfer-Encoding"), "chunked", StringComparison.OrdinalIgnoreCase) ? null : throw new FormatException("its Transfer-Encoding is not plain chunked");
    }

    private static long? Length(List<EgressHeader> headers) => Only(headers, "Content-Length") switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) => length,
        _ => throw new FormatException("its Content-Length is no number"),
    };

    private static string? Only(IReadOnlyList<EgressHeader> headers, string name)
    {
        var found = headers.Where(h => h.Is(name)).ToList();
        return found.Count <= 1 ? found.FirstOrDefault()?.Value : throw new FormatException($"it has more than one {name} header");
    }

    private static IEnumerable<string> Tokens(IEnumerable<EgressHeader> headers, string name) =>
        headers.Where(h => h.Is(name)).SelectMany(h => h.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}

internal sealed record EgressHeader(string Name, string Value)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException"/>
    public static EgressHeader Parse(string line)
    {
        var colon = line.IndexOf(':');
        if (colon <= 0 || !line[..colon].All(IsTokenCharacter)) throw new FormatException("a header line has no proper name");
        if (line[(colon + 1)..].Any(c => c is '\x7f' or (< ' ' and not '\t'))) throw new FormatException("a header has control characters");
        return new(line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
    }

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c);
}
