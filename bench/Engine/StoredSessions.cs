using Bots.Bench.World;
using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Bench.Engine;

/// <summary>Sessions from before: what a service that has been in use for long finds in its store.</summary>
public static class StoredSessions
{
    private const int EventsEach = 30;

    public static async Task Add(string database, int sessions)
    {
        using var store = new SqliteStore(database);
        var log = new SessionLog(store, Unheard.Metrics, TimeProvider.System);
        var opened = new SessionStore(log, TimeProvider.System);
        var events = Enumerable.Range(0, EventsEach - 1).Select(LongLog.Event).Append(LongLog.Last).ToArray();
        await Task.WhenAll(Enumerable.Range(0, sessions).Select(number => store.Write(write =>
        {
            var session = opened.Open(write, new ConversationKey("slack", $"T0SIMULATE/C0CALC0000/1700000000.{number:000000}"), "none", null, null);
            log.Append(write, session, events);
            write.Prepared("UPDATE conversations SET shown = 9223372036854775807 WHERE session_id = ?").Bind(session.Value).Run();
        })));
    }
}
