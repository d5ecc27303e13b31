using Bots.Engine.Storage;
using Dapper;

namespace Bots.Missed;

/// <summary>Remembers up to when each surface was looked through for what was missed.</summary>
internal sealed class MissedLooks(IStore store)
{
    /// <summary>Null before the first look: a service that never ran has missed nothing.</summary>
    public DateTimeOffset? Until(string surface) => store.Read(db =>
        db.QueryFirstOrDefault<long?>("SELECT until FROM missed_looks WHERE surface = @surface", new { surface })) is { } until
            ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null;

    public Task Looked(string surface, DateTimeOffset until) => store.Write(write => write.Db.Execute(
        "INSERT INTO missed_looks (surface, until) VALUES (@surface, @until) ON CONFLICT (surface) DO UPDATE SET until = @until", new { surface, until }));
}
