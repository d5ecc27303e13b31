using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Bots.Sandbox;

namespace Bots.Gateway.Lfs;

/// <summary>One transfer a forge has offered, with the credentials for it.</summary>
/// <param name="Action">download, upload or verify.</param>
internal sealed record LfsTransfer(string Action, Uri Address, IReadOnlyDictionary<string, string> Headers, DateTimeOffset Until);

/// <summary>
/// Turns offered transfers into words a sandbox may have: encrypted, so that it learns neither address nor credential; good for that sandbox
/// and this run of the service only.
/// </summary>
internal sealed class LfsTickets(TimeProvider time)
{
    private const int TagSize = 16;
    private const int NonceSize = 12;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Seal(LfsTransfer transfer, SandboxId sandbox)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(transfer);
        var ticket = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(ticket.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(ticket.AsSpan(0, NonceSize), plain, ticket.AsSpan(NonceSize + TagSize), ticket.AsSpan(NonceSize, TagSize), Bound(sandbox));
        return Base64Url.EncodeToString(ticket);
    }

    /// <returns>Null for what was not sealed for this sandbox, or too long ago.</returns>
    public LfsTransfer? Open(string text, SandboxId sandbox)
    {
        try
        {
            var ticket = Base64Url.DecodeFromChars(text);
            if (ticket.Length < NonceSize + TagSize) return null;
            var plain = new byte[ticket.Length - NonceSize - TagSize];
            using var aes = new AesGcm(_key, TagSize);
            aes.Decrypt(ticket.AsSpan(0, NonceSize), ticket.AsSpan(NonceSize + TagSize), ticket.AsSpan(NonceSize, TagSize), plain, Bound(sandbox));
            return JsonSerializer.Deserialize<LfsTransfer>(plain) is { } transfer && transfer.Until > time.GetUtcNow() ? transfer : null;
        }
        catch (Exception forged) when (forged is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static byte[] Bound(SandboxId sandbox) => System.Text.Encoding.UTF8.GetBytes(sandbox.Value);
}
