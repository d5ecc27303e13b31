using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.GitHub.Git;

/// <summary>The head of a CGI answer (RFC 3875, section 6.3).</summary>
internal static class CgiHeader
{
    /// <summary>Where the body begins; -1 while the head is not complete.</summary>
    public static int End(ReadOnlySpan<byte> bytes)
    {
        var windows = bytes.IndexOf("\r\n\r\n"u8);
        var plain = bytes.IndexOf("\n\n"u8);
        if (windows >= 0 && (plain < 0 || windows < plain)) return windows + 4;
        return plain < 0 ? -1 : plain + 2;
    }

    /// <summary>Sets status and headers. <c>Status</c> is the status line, not a header; without it the answer is 200.</summary>
    public static void Apply(ReadOnlySpan<byte> head, HttpResponse response)
    {
        foreach (var line in Encoding.Latin1.GetString(head).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = line.IndexOf(':', StringComparison.Ordinal);
            if (separator <= 0) continue;
            var name = line[..separator].Trim();
            var value = line[(separator + 1)..].Trim();
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
                response.StatusCode = int.Parse(value.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture);
            else if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                response.Headers[name] = value;
        }
    }
}
