using System.Data;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Surfaces;

/// <summary>Plain messages that wait to be said.</summary>
public sealed class Notices(TimeProvider clock)
{
    /// <summary>Called after each commit that added a notice.</summary>
    public event Action<ConversationKey>? Added;

    /// <param name="id">Unique; a second notice with the same id is dropped.</param>
    /// <param name="trace">The traceparent of what it comes from; null where nobody traces.</param>
    public void Add(IWrite write, string id, ConversationKey conversation, string text, Person? @private, string? trace = null)
    {
        write.Db.Execute(
            "INSERT INTO notices (id, surface, conversation, text, private, created_at, trace) VALUES (@id, @Surface, @Key, @text, @private, @now, @trace) ON CONFLICT DO NOTHING",
            new { id, conversation.Surface, conversation.Key, text, @private, now = clock.GetUtcNow(), trace });
        write.AfterCommit(() => Added?.Invoke(conversation));
    }

    public static IReadOnlyList<Notice> Open(IDbConnection db, ConversationKey conversation) =>
        db.Query<(string Id, string Text, Person? Private, string? Trace)>(
            "SELECT id, text, private, trace FROM notices WHERE surface = @Surface AND conversation = @Key AND done = 0 ORDER BY created_at, id",
            new { conversation.Surface, conversation.Key })
            .Select(row => new Notice(row.Id, conversation, row.Text, row.Private) { Trace = row.Trace }).ToList();

    /// <summary>Takes back what is no longer true, unless it is being said already.</summary>
    public static void Withdraw(IWrite write, string id) => write.Db.Execute(
        "UPDATE notices SET done = 1 WHERE id = @id AND done = 0 AND NOT EXISTS (SELECT 1 FROM surface_messages m WHERE m.surface = notices.surface AND m.conversation = notices.conversation AND m.key = @key)",
        new { id, key = $"notice:{id}" });

    public static void Done(IWrite write, string id) => write.Db.Execute("UPDATE notices SET done = 1 WHERE id = @id", new { id });
}
