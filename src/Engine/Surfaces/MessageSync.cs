using System.Diagnostics;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Surfaces;

/// <summary>Brings one message to what it should be, so that it stands there once whatever happens in between.</summary>
internal sealed partial class MessageSync(ISurface surface, SessionLog log, IStore store, ILogger logger)
{
    /// <returns>What is there now.</returns>
    /// <exception cref="SurfaceException">It has to be tried again later, or the whole place is gone.</exception>
    public async Task<SentMessage> Bring(
        ConversationKey conversation, SessionId? session, SurfaceMessage message, SentMessage? sent, MessageStep step, CancellationToken cancellation)
    {
        using var named = LogScopes.Session(logger, session);
        try
        {
            return await Send(conversation, session, message, sent, step, cancellation);
        }
        catch (SurfaceException e) when (e.Outcome == SurfaceOutcome.Rejected && surface.Plain(message) is { } plain)
        {
            NotTaken(logger, surface.Name, conversation.Key, message.Key, e.Outcome, e);
            return await SendPlain(conversation, session, message, plain, cancellation);
        }
        catch (SurfaceException e) when (IsItsEnd(e))
        {
            return await GiveUp(conversation, session, message, e);
        }
    }

    /// <summary>Something has to stand there: people wait for it.</summary>
    private async Task<SentMessage> SendPlain(ConversationKey conversation, SessionId? session, SurfaceMessage message, SurfaceMessage plain, CancellationToken cancellation)
    {
        try
        {
            return Stored(conversation, message) is { RemoteId: not null } there
                ? await Edit(conversation, message, plain, there, cancellation)
                : await Post(conversation, session, message, plain, cancellation);
        }
        catch (SurfaceException e) when (IsItsEnd(e))
        {
            return await GiveUp(conversation, session, message, e);
        }
    }

    private Task<SentMessage> Send(
        ConversationKey conversation, SessionId? session, SurfaceMessage message, SentMessage? sent, MessageStep step, CancellationToken cancellation) =>
        step == MessageStep.Edit ? Edit(conversation, message, message, sent!, cancellation)
        : sent is { State: SentState.Sending } ? LookFirst(conversation, session, message, cancellation)
        : Post(conversation, session, message, message, cancellation);

    /// <param name="shown">What is sent for <paramref name="message"/>: itself, or its plain form.</param>
    private async Task<SentMessage> Post(ConversationKey conversation, SessionId? session, SurfaceMessage message, SurfaceMessage shown, CancellationToken cancellation)
    {
        var sending = await Save(conversation, new SentMessage { Key = message.Key, Content = message.Content, State = SentState.Sending });
        try
        {
            var id = await Traced("post", message, () => surface.Post(Address(conversation), shown, cancellation));
            return await Save(conversation, sending with { RemoteId = id, State = SentState.Sent, Answered = message.Awaited }, session);
        }
        catch (SurfaceException e) when (e.Outcome is SurfaceOutcome.Retry or SurfaceOutcome.PlaceGone)
        {
            await Save(conversation, sending with { State = SentState.Unsent });
            throw;
        }
    }

    private async Task<SentMessage> LookFirst(ConversationKey conversation, SessionId? session, SurfaceMessage message, CancellationToken cancellation)
    {
        if (await Traced("find", message, () => surface.Find(Address(conversation), message, cancellation)) is not { } id) return await Post(conversation, session, message, message, cancellation);
        // What it shows is not known, so it is edited to what it should show.
        var found = await Save(conversation, new SentMessage { Key = message.Key, RemoteId = id, Content = "", State = SentState.Sent }, session);
        return message.Editable ? await Edit(conversation, message, message, found, cancellation) : found;
    }

    private async Task<SentMessage> Edit(ConversationKey conversation, SurfaceMessage message, SurfaceMessage shown, SentMessage sent, CancellationToken cancellation)
    {
        await Traced("edit", message, async () =>
        {
            await surface.Edit(Address(conversation), sent.RemoteId!, shown, cancellation);
            return true;
        });
        return await Save(conversation, sent with { Content = message.Content, State = SentState.Sent, Answered = message.Awaited });
    }

    /// <summary>A call to the surface, in the trace of the request it tells of.</summary>
    private async Task<T> Traced<T>(string name, SurfaceMessage message, Func<Task<T>> call)
    {
        if (!Spans.AreHeard) return await call();
        var trace = message.Trace ?? (message.Prompt is { } prompt ? store.Read(db => PromptStore.Trace(db, prompt)) : null);
        using var span = Spans.Begin(name, ActivityKind.Client, trace);
        span?.SetTag(SpanTags.Surface, surface.Name).SetTag(SpanTags.Prompt, message.Prompt?.Value);
        try
        {
            return await call();
        }
        catch (SurfaceException e)
        {
            span?.SetTag(SpanTags.Outcome, e.Outcome.ToString());
            span.Fail(e);
            throw;
        }
    }

    private Task<SentMessage> GiveUp(ConversationKey conversation, SessionId? session, SurfaceMessage message, SurfaceException e)
    {
        NotTaken(logger, surface.Name, conversation.Key, message.Key, e.Outcome, e);
        var stored = Stored(conversation, message);
        var given = new SentMessage
        {
            Key = message.Key, RemoteId = stored?.RemoteId, Content = message.Content, Answered = stored?.Answered,
            State = e.Outcome == SurfaceOutcome.Rejected ? SentState.Rejected : SentState.Gone,
        };
        return store.Write(write =>
        {
            MessageStore.Save(write, conversation, given);
            if (session is { } id && message is { ShowsProgress: true, Prompt: { } prompt } && MessageRules.Remark(given, message, e.Outcome) is { } remark)
                log.Append(write, id, new SessionEvent.Noted(prompt, remark));
            return given;
        });
    }

    private static bool IsItsEnd(SurfaceException e) => e.Outcome is SurfaceOutcome.Gone or SurfaceOutcome.Fixed or SurfaceOutcome.Rejected;

    /// <summary>As it is in the store now: a message may have been found again on the way.</summary>
    private SentMessage? Stored(ConversationKey conversation, SurfaceMessage message) =>
        store.Read(db => MessageStore.Of(db, conversation)).GetValueOrDefault(message.Key);

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
