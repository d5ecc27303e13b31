using System.Data;
using Bots.Engine.Intake;
using Bots.Engine.Storage;
using Dapper;

namespace Bots.Engine.Sessions;

/// <summary>Sessions and the conversations bound to them.</summary>
public sealed class SessionStore(SessionLog log, TimeProvider clock)
{
    /// <summary>Opens a session in a conversation.</summary>
    public SessionId Open(IWrite write, ConversationKey conversation, string agent, string? model, WorkTarget? target)
    {
        var session = SessionId.New();
        var now = clock.GetUtcNow();
        write.Db.Execute(
            "INSERT INTO sessions (id, agent, model, created_at, updated_at) VALUES (@session, @agent, @model, @now, @now)",
            new { session, agent, model, now });
        log.Append(write, session, new SessionEvent.SessionOpened(agent, model, target));
        if (target is not null) SetTarget(write, session, target);
        Bind(write, session, conversation);
        return session;
    }

    /// <summary>Shows the session in one more conversation. A conversation that has a session keeps it.</summary>
    public void Bind(IWrite write, SessionId session, ConversationKey conversation)
    {
        var bound = write.Db.Execute(
            "INSERT INTO conversations (surface, key, session_id) VALUES (@Surface, @Key, @session) ON CONFLICT DO NOTHING",
            new { conversation.Surface, conversation.Key, session });
        if (bound == 1) log.Append(write, session, new SessionEvent.ConversationBound(conversation));
    }

    /// <summary>Ends the binding of a conversation whose place is gone, and says so in the session's log.</summary>
    /// <param name="conversation">Under the key its log knows.</param>
    public void Lose(IWrite write, SessionId session, ConversationKey conversation, string why)
    {
        var lost = write.Db.Execute(
            "UPDATE conversations SET lost_at = @now WHERE surface = @Surface AND key = @Key AND lost_at IS NULL",
            new { conversation.Surface, conversation.Key, now = clock.GetUtcNow() });
        if (lost == 1) log.Append(write, session, new SessionEvent.ConversationLost(conversation, why));
    }

    /// <summary>Somebody speaks in a conversation whose place was gone: it is there again.</summary>
    /// <param name="conversation">Under the key its log knows.</param>
    public void Return(IWrite write, SessionId session, ConversationKey conversation)
    {
        var returned = write.Db.Execute(
            "UPDATE conversations SET lost_at = NULL WHERE surface = @Surface AND key = @Key AND lost_at IS NOT NULL",
            new { conversation.Surface, conversation.Key });
        if (returned == 1) log.Append(write, session, new SessionEvent.ConversationBound(conversation));
    }

    public static bool IsLost(IDbConnection db, ConversationKey conversation) => db.QuerySingle<bool>(
        "SELECT EXISTS (SELECT 1 FROM conversations WHERE surface = @Surface AND key = @Key AND lost_at IS NOT NULL)", new { conversation.Surface, conversation.Key });

    /// <summary>Records the real key of a conversation that was opened by its first message.</summary>
    public static void Opened(IWrite write, SessionId session, ConversationKey conversation, ConversationKey real) => write.Db.Execute(
        "INSERT INTO conversations (surface, key, session_id, opened_as) VALUES (@Surface, @Key, @session, @as) ON CONFLICT DO NOTHING",
        new { real.Surface, real.Key, session, @as = conversation.Key });

    /// <summary>The key under which the surface knows a conversation.</summary>
    public static ConversationKey Address(IDbConnection db, ConversationKey conversation) =>
        db.QueryFirstOrDefault<string>(
            "SELECT key FROM conversations WHERE surface = @Surface AND opened_as = @Key",
            new { conversation.Surface, conversation.Key }) is { } key ? conversation with { Key = key } : conversation;

    /// <summary>The session of a conversation and the key under which its log knows it; null when none is bound.</summary>
    public static (SessionId Session, ConversationKey Conversation)? Find(IDbConnection db, ConversationKey conversation)
    {
        var row = db.QueryFirstOrDefault<(string? Session, string? OpenedAs)>(
            "SELECT session_id, opened_as FROM conversations WHERE surface = @Surface AND key = @Key",
            new { conversation.Surface, conversation.Key });
        return row.Session is null ? null : (new SessionId(row.Session), conversation with { Key = row.OpenedAs ?? conversation.Key });
    }

    /// <summary>A surface's conversations that show a session, under the keys its log knows.</summary>
    public static IReadOnlyList<ConversationKey> Conversations(IDbConnection db, SessionId session, string surface) =>
        db.Query<string>("SELECT key FROM conversations WHERE session_id = @session AND surface = @surface AND opened_as IS NULL", new { session, surface })
            .Select(key => new ConversationKey(surface, key)).ToList();

    public static SessionRow? Get(IDbConnection db, SessionId session) =>
        db.QueryFirstOrDefault<SessionRow>("SELECT * FROM sessions WHERE id = @session", new { session });

    public static IReadOnlyList<SessionRow> Recent(IDbConnection db, int limit) =>
        db.Query<SessionRow>("SELECT * FROM sessions ORDER BY updated_at DESC, id DESC LIMIT @limit", new { limit }).ToList();

    public static void SetTarget(IWrite write, SessionId session, WorkTarget target) => write.Db.Execute(
        """
        UPDATE sessions SET repository = @repository, branch = @Branch, base = @Base, pull_request = @PullRequest,
            pull_request_base = @PullRequestBase WHERE id = @session
        """,
        new { session, repository = target.Repository.ToString(), target.Branch, target.Base, target.PullRequest, target.PullRequestBase });
}

/// <summary>A session's row: what is needed to go on with it. Everything people see is in the log.</summary>
public sealed record SessionRow
{
    public required SessionId Id { get; init; }

    public required string Agent { get; init; }

    public string? Model { get; init; }

    public string? Repository { get; init; }

    public string? Branch { get; init; }

    public string? Base { get; init; }

    public long? PullRequest { get; init; }

    public string? PullRequestBase { get; init; }

    /// <summary>The agent's own id of its session, for <c>session/load</c>.</summary>
    public string? AgentSessionId { get; init; }

    public long LastSequence { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public WorkTarget? Target => Repository is null ? null
        : new WorkTarget(RepositoryName.Parse(Repository), Branch, Base, (int?)PullRequest) { PullRequestBase = PullRequestBase };
}
