using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Rates;

/// <summary>Keeps what surfaces closed, and until when, over a restart.</summary>
public interface IRateHolds
{
    /// <summary>What is closed at a time.</summary>
    IReadOnlyDictionary<string, DateTimeOffset> Open(DateTimeOffset now);

    Task Save(string scope, DateTimeOffset until);
}

internal sealed class RateHolds(IStore store) : IRateHolds
{
    public IReadOnlyDictionary<string, DateTimeOffset> Open(DateTimeOffset now) => store.Read(db => db.Query<(string Scope, DateTimeOffset Until)>(
        "SELECT scope, until FROM rate_holds WHERE until > @now", new { now })).ToDictionary(h => h.Scope, h => h.Until, StringComparer.Ordinal);

    public Task Save(string scope, DateTimeOffset until) => store.Write(write => write.Db.Execute(
        "INSERT INTO rate_holds (scope, until) VALUES (@scope, @until) ON CONFLICT (scope) DO UPDATE SET until = @until", new { scope, until }));
}
