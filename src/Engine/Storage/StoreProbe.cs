using Dapper;

namespace Bots.Engine.Storage;

/// <summary>Finds out whether the store can be written, by writing. Asked often, it writes every few seconds.</summary>
public sealed class StoreProbe(IStore store, TimeProvider clock)
{
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<string?>? _answer;
    private DateTimeOffset _asked;

    /// <returns>Why it cannot be written; null when it can.</returns>
    public Task<string?> Trouble()
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_answer is { } known && (!known.IsCompleted || now - _asked < Holds)) return known;
            _asked = now;
            return _answer = Task.Run(Ask);
        }
    }

    private async Task<string?> Ask()
    {
        try
        {
            await store.Write(write => write.Db.Execute(
                "INSERT INTO store_probe (id, at) VALUES (1, @now) ON CONFLICT (id) DO UPDATE SET at = @now", new { now = clock.GetUtcNow() })).WaitAsync(Patience, clock);
            return null;
        }
        catch (TimeoutException)
        {
            return $"The store has not written anything for {Patience.TotalSeconds:0} seconds.";
        }
        catch (Exception e) when (e is StoreException or Microsoft.Data.Sqlite.SqliteException or ObjectDisposedException)
        {
            return e.Message;
        }
    }
}
