using System.Data;
using System.Text.Json;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Intake;

/// <summary>A delivery as operators see it: what became of it, and nothing of what it says.</summary>
public sealed record InboxEntry
{
    public required long Id { get; init; }

    public required string Surface { get; init; }

    public required string Kind { get; init; }

    /// <summary>The surface's own id of it.</summary>
    public required string DeliveryId { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How often it was tried in vain.</summary>
    public required long Attempts { get; init; }

    /// <summary>Why it could not be taken in; null while nobody tried.</summary>
    public string? Cause { get; init; }

    /// <param name="state"><c>pending</c> or <c>parked</c>.</param>
    /// <param name="after">The last id that was seen; 0 begins with the oldest.</param>
    public static IReadOnlyList<InboxEntry> In(IDbConnection db, string state, long after, int limit) =>
        db.Query<InboxEntry>(
            $"""
             SELECT id, surface, kind, delivery_id, received_at, attempts, note AS cause FROM deliveries
             WHERE state = '{(state == "parked" ? "parked" : "pending")}' AND id > @after ORDER BY id LIMIT @limit
             """,
            new { after, limit }).ToList();

    public static int Parked(IDbConnection db) => (int)db.QuerySingle<long>("SELECT COUNT(*) FROM deliveries WHERE state = 'parked'");

    /// <summary>How many of a surface's wait to be taken in.</summary>
    internal static int Pending(IDbConnection db, string surface) =>
        (int)db.QuerySingle<long>("SELECT COUNT(*) FROM deliveries WHERE state = 'pending' AND surface = @surface", new { surface });

    /// <summary>Those of a surface's deliveries that were stored.</summary>
    /// <param name="since">What was received before is not looked at.</param>
    public static IReadOnlySet<string> Stored(IDbConnection db, string surface, IEnumerable<string> deliveryIds, DateTimeOffset since) => db.Query<string>(
        """
        SELECT delivery_id FROM deliveries
        WHERE received_at >= @since AND surface = @surface AND delivery_id IN (SELECT value FROM json_each(@ids))
        """,
        new { surface, ids = JsonSerializer.Serialize(deliveryIds), since = since.ToUnixTimeMilliseconds() }).ToHashSet(StringComparer.Ordinal);
}

/// <summary>What came of asking that a parked delivery be tried again.</summary>
public enum InboxRetry
{
    /// <summary>It is tried again at once, and up to eight times as if it were new.</summary>
    Begun,

    Unknown,

    NotParked,
}
