using Bots.Engine.Storage;
using Dapper;

namespace Bots.Bench.World;

/// <summary>Looks into a running service's store, from outside.</summary>
public sealed class StoreView(string file)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public Task<long> Deliveries() => Count("SELECT COUNT(*) FROM deliveries");

    public Task<long> Prompts() => Count("SELECT COUNT(*) FROM prompts");

    /// <summary>Waits until nothing that was delivered waits to be taken up.</summary>
    /// <returns>False when it still does after that time.</returns>
    public Task<bool> Drained(TimeSpan patience) => Empty("SELECT EXISTS (SELECT 1 FROM deliveries WHERE state = 'pending')", patience);

    /// <summary>Waits until no prompt is queued or runs.</summary>
    public Task<bool> Quiet(TimeSpan patience) => Empty("SELECT COUNT(*) FROM prompts WHERE state IN ('Queued', 'Running')", patience);

    private async Task<bool> Empty(string question, TimeSpan patience)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (await Count(question) > 0)
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience) return false;
            await Task.Delay(Interval, TimeProvider.System);
        }

        return true;
    }

    private async Task<long> Count(string question)
    {
        await using var source = new SqliteDataSource(file);
        await using var connection = await source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(question);
    }
}
