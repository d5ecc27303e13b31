using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Surfaces;

/// <summary>Brings one message to what it should be, so that it stands there once whatever happens in between.</summary>
internal sealed partial class MessageSync(ISurface surface, IStore store, ILogger logger)
{
    /// <returns>What is there now; null when nothing had to be done.</returns>
    /// <exception cref="SurfaceException">It has to be tried again later.</exception>
    public async Task<SentMessage?> Bring(ConversationKey conversation, SessionId? session, SurfaceMessage message, SentMessage? sent, CancellationToken cancellation)
    {
        try
        {
            return sent switch
            {
                null or { State: SentState.Unsent } => await Post(conversation, session, message, cancellation),
                { State: SentState.Sending } => await LookFirst(conversation, session, message, cancellation),
                { State: SentState.Sent } when message.Editable && sent.Content != message.Content => await Edit(conversation, message, sent, cancellation),
                { State: SentState.Rejected } when sent.Content != message.Content => sent.RemoteId is null
                    ? await Post(conversation, session, message, cancellation)
                    : await Edit(conversation, message, sent, cancellation),
                _ => null,
            };
        }
        catch (SurfaceException e) when (e.Outcome is SurfaceOutcome.Gone or SurfaceOutcome.Rejected)
        {
            NotTaken(logger, surface.Name, conversation.Key, message.Key, e.Outcome, e);
            return await Save(conversation, new SentMessage
            {
                Key = message.Key, RemoteId = sent?.RemoteId, Content = message.Content,
                State = e.Outcome == SurfaceOutcome.Gone ? SentState.Gone : SentState.Rejected,
            });
        }
    }

    private async Task<SentMessage> Post(ConversationKey conversation, SessionId? session, SurfaceMessage message, CancellationToken cancellation)
    {
        var sending = await Save(conversation, new SentMessage { Key = message.Key, Content = message.Content, State = SentState.Sending });
        try
        {
            var id = await surface.Post(Address(conversation), message, cancellation);
            return await Save(conversation, sending with { RemoteId = id, State = SentState.Sent }, session);
        }
        catch (SurfaceException e) when (e.Outcome == SurfaceOutcome.Retry)
        {
            await Save(conversation, sending with { State = SentState.Unsent });
            throw;
        }
    }

    private async Task<SentMessage> LookFirst(ConversationKey conversation, SessionId? session, SurfaceMessage message, CancellationToken cancellation)
    {
        if (await surface.Find(Address(conversation), message, cancellation) is not { } id) return await Post(conversation, session, message, cancellation);
        // What it shows is not known, so it is edited to what it should show.
        var found = await Save(conversation, new SentMessage { Key = message.Key, RemoteId = id, Content = "", State = SentState.Sent }, session);
        return message.Editable ? await Edit(conversation, message, found, cancellation) : found;
    }

    private async Task<SentMessage> Edit(ConversationKey conversation, SurfaceMessage message, SentMessage sent, CancellationToken cancellation)
    {
        await surface.Edit(Address(conversation), sent.RemoteId!, message, cancellation);
        return await Save(conversation, sent with { Content = message.Content, State = SentState.Sent });
    }

    private ConversationKey Address(ConversationKey conversation) => store.Read(db => SessionStore.Address(db, conversation));

    private Task<SentMessage> Save(ConversationKey conversation, SentMessage message, SessionId? session = null) => store.Write(write =>
    {
        MessageStore.Save(write, conversation, message);
        if (session is { } id && message.RemoteId is { } remote && surface.Opened(conversation, remote) is { } real && SessionStore.Address(write.Db, conversation) == conversation)
        {
            SessionStore.Opened(write, id, conversation, real);
        }

        return message;
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Surface} {Conversation}: message {Key} was not taken ({Outcome})")]
    private static partial void NotTaken(ILogger logger, string surface, string conversation, string key, SurfaceOutcome outcome, Exception e);
}
