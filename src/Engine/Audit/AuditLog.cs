using System.Data;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Audit;

/// <summary>
/// Who asked, what was decided, which credential was used and what left a sandbox: appended in the write that does it, each row
/// with a hash over itself and the row before.
/// </summary>
public static class AuditLog
{
    /// <summary>Appends as a part of the write that does what is recorded.</summary>
    public static void Append(IWrite write, AuditEntry entry)
    {
        var head = Head(write.Db);
        var row = new AuditRow
        {
            Sequence = head.Sequence + 1,
            At = entry.At.ToUnixTimeMilliseconds(),
            SessionId = entry.Session?.Value,
            Kind = entry.Kind,
            Actor = entry.Actor,
            Data = entry.Data.ToJsonString(EngineJson.Options),
        };
        row = row with { Hash = AuditChain.Hash(head.Hash, row) };
        write.Db.Execute(
            "INSERT INTO audit_log (sequence, at, session_id, kind, actor, data, hash) VALUES (@Sequence, @At, @SessionId, @Kind, @Actor, @Data, @Hash)", row);
        write.Db.Execute("UPDATE audit_head SET sequence = @Sequence, hash = @Hash", new { row.Sequence, row.Hash });
    }

    /// <summary>Rows after a sequence number, oldest first.</summary>
    public static IReadOnlyList<AuditRow> Read(IDbConnection db, long after, int limit) =>
        db.Query<AuditRow>("SELECT * FROM audit_log WHERE sequence > @after ORDER BY sequence LIMIT @limit", new { after, limit }).ToList();

    /// <summary>Walks the whole chain and names the first row that does not fit.</summary>
    public static AuditVerdict Verify(IDbConnection db)
    {
        var head = Head(db);
        var (sequence, hash) = (0L, AuditChain.Start);
        // What is appended while we walk belongs to a later head.
        var rows = db.Query<AuditRow>("SELECT * FROM audit_log WHERE sequence <= @Sequence ORDER BY sequence", new { head.Sequence }, buffered: false);
        foreach (var row in rows)
        {
            if (row.Sequence != sequence + 1) return Broken(head, sequence + 1, "The row is missing.");
            if (row.Hash != AuditChain.Hash(hash, row)) return Broken(head, row.Sequence, "The row was changed, or one before it was.");
            (sequence, hash) = (row.Sequence, row.Hash);
        }

        if (sequence != head.Sequence) return Broken(head, sequence + 1, "The row is missing.");
        if (head.Last != head.Sequence) return Broken(head, head.Sequence + 1, "The row was added by somebody else.");
        return hash == head.Hash ? new AuditVerdict(true, head.Sequence, head.Hash, null, null) : Broken(head, head.Sequence, "The end of the chain is another one.");
    }

    private static AuditVerdict Broken(ChainHead head, long at, string problem) => new(false, head.Sequence, head.Hash, at, problem);

    private static ChainHead Head(IDbConnection db) =>
        db.QuerySingle<ChainHead>("SELECT sequence, hash, COALESCE((SELECT MAX(sequence) FROM audit_log), 0) AS last FROM audit_head");

    private sealed record ChainHead
    {
        public long Sequence { get; init; }

        public string Hash { get; init; } = "";

        public long Last { get; init; }
    }
}

/// <summary>Whether the chain holds.</summary>
/// <param name="Rows">How many rows there should be.</param>
/// <param name="Head">The last row's hash: noted elsewhere, it proves later that nothing up to there was rewritten.</param>
/// <param name="BrokenAt">Sequence number of the first row that does not fit; null when all do.</param>
/// <param name="Problem">What is wrong there.</param>
public sealed record AuditVerdict(bool Sound, long Rows, string Head, long? BrokenAt, string? Problem);
