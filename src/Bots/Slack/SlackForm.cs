using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Bots.Slack;

/// <summary>Slack's form bodies: <c>payload={url-encoded JSON}</c> of interactivity, and the flag of the certificate check.</summary>
internal static class SlackForm
{
    private static readonly SearchValues<byte> Escapes = SearchValues.Create("%+"u8);

    /// <summary>A field's decoded bytes; null when it is absent.</summary>
    public static byte[]? Field(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'&');
            var pair = end < 0 ? body : body[..end];
            body = end < 0 ? [] : body[(end + 1)..];
            if (pair.StartsWith(name) && pair.Length > name.Length && pair[name.Length] == '=') return Decode(pair[(name.Length + 1)..]);
        }

        return null;
    }

    /// <summary>Stable over Slack's retries of one interaction, different for any two.</summary>
    public static string IdOf(ReadOnlySpan<byte> payload) => Convert.ToHexStringLower(SHA256.HashData(payload))[..40];

    /// <summary>The payload's outer <c>type</c>; null when it is not one whole JSON object with such a text.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> payload) => SlackEnvelope.TryRead(payload, out var envelope) ? envelope.Type : null;

    private static byte[] Decode(ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAny(Escapes)) return text.ToArray();
        var decoded = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit((char)text[i + 1]) && char.IsAsciiHexDigit((char)text[i + 2]))
            {
                decoded[length++] = Convert.FromHexString(Encoding.ASCII.GetString(text.Slice(i + 1, 2)))[0];
                i += 2;
            }
            else
            {
                decoded[length++] = text[i] == '+' ? (byte)' ' : text[i];
            }
        }

        return decoded[..length];
    }
}
