using System.Text.Json;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Tests.EndToEnd;

/// <summary>The log of an installation's only session, read past the service.</summary>
internal sealed record StoredLog(IReadOnlyList<StoredLog.Entry> Entries)
{
    public static StoredLog Of(Installation world)
    {
        using var source = new SqliteDataSource(Path.Combine(world.DataDirectory, "bots.db"));
        using var connection = source.OpenConnection();
        connection.QuerySingle<long>("SELECT COUNT(*) FROM sessions").ShouldBe(1);
        return new StoredLog([.. connection.Query<(long Sequence, string Data)>("SELECT sequence, data FROM session_events ORDER BY sequence")
            .Select(row => new Entry(row.Sequence, JsonSerializer.Deserialize<JsonElement>(row.Data)))]);
    }

    /// <summary>All that the agent said.</summary>
    public string Text => string.Concat(OfType("agent.text").Select(entry => entry.Data.GetProperty("text").GetString()));

    public IEnumerable<Entry> OfType(string type) => Entries.Where(entry => entry.Data.GetProperty("type").GetString() == type);

    internal sealed record Entry(long Sequence, JsonElement Data);
}
