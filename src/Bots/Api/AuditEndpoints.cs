using System.Text;
using Bots.Engine.Audit;
using Bots.Engine.Storage;

namespace Bots.Api;

internal static class AuditEndpoints
{
    private const int Page = 1000;

    /// <summary>
    /// The audit log after a sequence number, as JSON lines. <c>limit</c>: how many at most; without it, all there are.
    /// Each line's hash can be checked without us: see <see cref="AuditChain"/>.
    /// </summary>
    public static async Task Export(HttpContext context, IStore store, long after = 0, long limit = long.MaxValue)
    {
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        while (limit > 0)
        {
            var most = (int)Math.Min(limit, Page);
            var rows = store.Read(db => AuditLog.Read(db, after, most));
            foreach (var row in rows) await context.Response.WriteAsync(AuditChain.Line(row) + "\n", Encoding.UTF8, context.RequestAborted);
            if (rows.Count < most) return;
            (after, limit) = (rows[^1].Sequence, limit - rows.Count);
        }
    }

    /// <summary>Whether the whole chain holds; the first row that does not fit where it does not.</summary>
    public static IResult Verify(IStore store) => TypedResults.Json(store.Read(AuditLog.Verify), EngineJson.Options);
}
