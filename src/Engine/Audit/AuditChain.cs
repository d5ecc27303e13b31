using System.Security.Cryptography;
using System.Text;
using Bots.Engine.Storage;

namespace Bots.Engine.Audit;

/// <summary>How a row of the audit log is written as one line, and how the lines hang together. Pure.</summary>
public static class AuditChain
{
    /// <summary>The hash before the first row.</summary>
    public const string Start = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>SHA-256 over the hash before, as it is written, and the row's line without its own hash. Lower-case hex.</summary>
    public static string Hash(string previous, AuditRow row) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(previous + Content(row))));

    /// <summary>The row as one line of JSON; without <c>,"hash":"…"</c> it is what was hashed.</summary>
    public static string Line(AuditRow row) => $"{Content(row)[..^1]},\"hash\":{EngineJson.Write(row.Hash)}}}";

    private static string Content(AuditRow row)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(row.At).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        return $"{{\"sequence\":{row.Sequence},\"at\":\"{at}\",\"session\":{EngineJson.Write(row.SessionId)},\"kind\":{EngineJson.Write(row.Kind)},\"actor\":{EngineJson.Write(row.Actor)},\"data\":{row.Data}}}";
    }
}

/// <summary>A row of the audit log, just as it is stored.</summary>
public sealed record AuditRow
{
    /// <summary>From 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>Milliseconds since 1970 (UTC).</summary>
    public required long At { get; init; }

    public string? SessionId { get; init; }

    public required string Kind { get; init; }

    public required string Actor { get; init; }

    /// <summary>A JSON object.</summary>
    public required string Data { get; init; }

    public string Hash { get; init; } = "";
}
