using System.Data;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Surfaces;

/// <summary>What was sent to a surface, with the surface's ids.</summary>
internal static class MessageStore
{
    public static Dictionary<string, SentMessage> Of(IDbConnection db, ConversationKey conversation) =>
        db.Query<SentMessage>(
            "SELECT key, remote_id, content, state, answered FROM surface_messages WHERE surface = @Surface AND conversation = @Key",
            new { conversation.Surface, conversation.Key }).ToDictionary(m => m.Key, StringComparer.Ordinal);

    public static void Save(IWrite write, ConversationKey conversation, SentMessage message) => write.Db.Execute(
        """
        INSERT INTO surface_messages (surface, conversation, key, remote_id, content, state, answered)
        VALUES (@Surface, @conversation, @Key, @RemoteId, @Content, @state, @Answered)
        ON CONFLICT (surface, conversation, key) DO UPDATE SET remote_id = @RemoteId, content = @Content, state = @state, answered = @Answered
        """,
        new { conversation.Surface, conversation = conversation.Key, message.Key, message.RemoteId, message.Content, state = message.State.ToString(), message.Answered });

    /// <summary>Conversations of a surface that may not show everything yet.</summary>
    public static IReadOnlyList<ConversationKey> Behind(IDbConnection db, string surface) =>
        db.Query<string>(
            """
            SELECT c.key FROM conversations c JOIN sessions s ON s.id = c.session_id
            WHERE c.surface = @surface AND c.opened_as IS NULL AND c.lost_at IS NULL AND s.last_sequence > c.shown
            UNION SELECT conversation FROM notices WHERE surface = @surface AND done = 0
            """,
            new { surface }).Select(key => new ConversationKey(surface, key)).ToList();

    public static void Shown(IWrite write, ConversationKey conversation, long sequence) => write.Db.Execute(
        "UPDATE conversations SET shown = @sequence WHERE surface = @Surface AND key = @Key AND shown < @sequence",
        new { conversation.Surface, conversation.Key, sequence });
}

internal sealed record SentMessage
{
    public required string Key { get; init; }

    public string? RemoteId { get; init; }

    /// <summary>As last sent.</summary>
    public required string Content { get; init; }

    public required SentState State { get; init; }

    /// <summary>What people waited for, of that which it shows.</summary>
    public string? Answered { get; init; }
}

internal enum SentState
{
    /// <summary>A post is on its way, or its answer never came.</summary>
    Sending,

    /// <summary>It certainly was not posted.</summary>
    Unsent,

    Sent,

    /// <summary>People deleted it, or it cannot be changed any more; it is not brought back.</summary>
    Gone,

    /// <summary>The surface did not take this content.</summary>
    Rejected,
}
