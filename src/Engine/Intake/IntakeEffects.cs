using Bots.Engine.Agents;
using Bots.Engine.Classification;
using Bots.Engine.Forges;
using Bots.Engine.Models;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;

namespace Bots.Engine.Intake;

/// <summary>What each kind of <see cref="Inbound"/> does to the store. All of it runs inside the write that marks its delivery done.</summary>
internal sealed class IntakeEffects(
    SessionStore sessions, SessionLog log, PromptStore prompts, PermissionStore permissions, Notices notices, AgentsOptions agents, ModelProviders models,
    IWarmPool pool)
{
    /// <returns>A word on what was done, for the delivery's row.</returns>
    public string Apply(IWrite write, Inbound inbound, IReadOnlyList<KnownRepository> known, Origin origin) => inbound switch
    {
        Inbound.PromptRequest request => Prompt(write, request, known, origin),
        Inbound.PermissionAnswer answer => Permission(write, answer, origin),
        Inbound.RepositoryChoice choice => Repository(write, choice, origin),
        Inbound.StopRequest stop => Stop(write, stop, origin),
        Inbound.Typing typing => Warm(typing, known),
        Inbound.Unanswerable unheard => Fail(write, unheard, origin),
        Inbound.Reply reply => Say(write, origin, reply.Conversation, reply.Text, reply.Private),
        Inbound.Ignored ignored => ignored.Why,
        _ => throw new InvalidOperationException($"Nothing is defined for {inbound.GetType().Name}."),
    };

    private string Prompt(IWrite write, Inbound.PromptRequest request, IReadOnlyList<KnownRepository> known, Origin origin)
    {
        var bound = SessionStore.Find(write.Db, request.Conversation);
        if (bound is null && !request.MayStart) return "not addressed to us";
        if (prompts.Refusal(write.Db, bound?.Session) is { } refusal) return Say(write, origin, request.Conversation, refusal, null);
        if (bound is { } existing)
        {
            sessions.Return(write, existing.Session, existing.Conversation);
            var given = PromptStore.Given(write.Db, existing.Session);
            prompts.Enqueue(write, existing.Session, request with
            {
                Conversation = existing.Conversation,
                Material = [.. request.Material.Where(m => !given.Any(g => g.Author == m.Author && g.Text.Trim().Length > 0 && m.Text.Trim().EndsWith(g.Text.Trim(), StringComparison.Ordinal)))],
            }, origin.Trace);
            return "queued";
        }

        var match = request.Target is { } target ? null : RepositoryClassifier.Classify(request.Text, [.. new[] { request.Channel, request.ChannelName }.OfType<string>()], known);
        switch (match)
        {
            case RepositoryMatch.NotKnown unknown:
                return Say(write, origin, request.Conversation, $"I have no access to {unknown.Repository}. Give my GitHub App access to it, or add it under `Repositories` in my configuration.", null);
            case RepositoryMatch.Ambiguous { Candidates: [] }:
                return Say(write, origin, request.Conversation, "I don't know any repository yet. Install my GitHub App on one, or add one under `Repositories` in my configuration.", null);
            default:
                Start(write, request, match, origin.Trace);
                return "session opened";
        }
    }

    private void Start(IWrite write, Inbound.PromptRequest request, RepositoryMatch? match, string? trace)
    {
        var session = sessions.Open(write, request.Conversation, agents.Default, models.Default?.ToString(), null);
        if (request.Target is { } target) Choose(write, session, target, request.Text, null, "given with the request");
        else if (match is RepositoryMatch.Found found) Choose(write, session, new WorkTarget(found.Repository), request.Text, null, found.Why);
        else if (match is RepositoryMatch.Ambiguous ambiguous)
        {
            log.Append(write, session, new SessionEvent.RepositoryAsked([.. ambiguous.Candidates.Take(100).Select(c => new RepositoryCandidate(c.Name, c.Description))]));
        }

        prompts.Enqueue(write, session, request, trace);
    }

    private string Fail(IWrite write, Inbound.Unanswerable unheard, Origin origin)
    {
        var session = sessions.Open(write, unheard.Request.Conversation, agents.Default, models.Default?.ToString(), null);
        var prompt = prompts.Enqueue(write, session, unheard.Request, origin.Trace);
        prompts.Move(write, PromptStore.Get(write.Db, prompt)!, PromptState.Queued, PromptState.Failed, $"There is nowhere to answer, so I did not begin: {unheard.Why}");
        sessions.Lose(write, session, unheard.Request.Conversation, unheard.Why);
        return $"there is nowhere to answer: {unheard.Why}";
    }

    private void Choose(IWrite write, SessionId session, WorkTarget target, string text, Person? by, string why)
    {
        var whole = target.Branch is null ? target with { Branch = BranchName.For(text, session) } : target;
        SessionStore.SetTarget(write, session, whole);
        log.Append(write, session, new SessionEvent.RepositoryChosen(whole, by, why));
        write.AfterCommit(prompts.Changed.Set);
    }

    private string Repository(IWrite write, Inbound.RepositoryChoice choice, Origin origin)
    {
        if (SessionStore.Get(write.Db, choice.Session) is not { } session) return Say(write, origin, choice.Conversation, "That request is gone. Please mention me again.", choice.By);
        if (session.Target is { } target) return Say(write, origin, choice.Conversation, $"Somebody was faster: I'm working in {target.Repository} already.", choice.By);
        var view = log.View(choice.Session);
        if (view.Candidates.All(c => !c.Name.Equals(choice.Repository))) return Say(write, origin, choice.Conversation, $"{choice.Repository} was not one of the choices.", choice.By);
        Choose(write, choice.Session, new WorkTarget(choice.Repository), view.Prompts[0].Text, choice.By, $"chosen by {choice.By.Name}");
        return "repository chosen";
    }

    private string Permission(IWrite write, Inbound.PermissionAnswer answer, Origin origin)
    {
        if (answer.Permission is null && SessionStore.Find(write.Db, answer.Conversation) is null) return "no session here: another bot may know the command";
        var request = answer.Permission is { } id ? PermissionStore.Get(write.Db, id) : OnlyOpen(write, answer.Conversation);
        if (request is null)
        {
            var text = answer.Permission is null
                ? "There isn't exactly one open permission request here. Answer with its id, as in `/approve 1a2b3c4d5e6f`."
                : $"I know no permission request {answer.Permission}.";
            return Say(write, origin, answer.Conversation, text, answer.By);
        }

        if (SessionStore.Find(write.Db, answer.Conversation)?.Session != request.SessionId)
        {
            return Say(write, origin, answer.Conversation, "That permission request belongs to another conversation.", answer.By);
        }

        if (permissions.Decide(write, request, answer.Decision, answer.By, null, answer.Reason)) return "permission decided";
        var who = PermissionStore.Get(write.Db, request.Id)?.DecidedBy?.Name;
        return Say(write, origin, answer.Conversation, who is null ? "Too late: that request is no longer open." : $"Too late: {who} has already decided that.", answer.By);
    }

    private static PermissionRow? OnlyOpen(IWrite write, ConversationKey conversation) =>
        SessionStore.Find(write.Db, conversation) is { } bound && PermissionStore.Open(write.Db, bound.Session) is [var only] ? only : null;

    private string Stop(IWrite write, Inbound.StopRequest stop, Origin origin)
    {
        var session = SessionStore.Find(write.Db, stop.Conversation)?.Session;
        var prompt = stop.Prompt is { } id ? PromptStore.Get(write.Db, id) : session is { } s ? PromptStore.RunningIn(write.Db, s) : null;
        if (prompt is null || prompt.SessionId != session) return Say(write, origin, stop.Conversation, "Nothing is running here.", stop.By);
        return prompts.Stop(write, prompt, stop.By) ? "stop asked" : "already over or stopping";
    }

    /// <summary>Nothing is stored of it: at worst the sandbox will not be warm.</summary>
    private string Warm(Inbound.Typing typing, IReadOnlyList<KnownRepository> known)
    {
        var bound = known.Where(r => r.Channels.Contains(typing.Channel, StringComparer.Ordinal)).ToList();
        foreach (var repository in bound) pool.Hint(repository.Name);
        return bound.Count == 0 ? "no repository belongs to that channel" : "warming";
    }

    private string Say(IWrite write, Origin origin, ConversationKey conversation, string text, Person? @private)
    {
        notices.Add(write, origin.Notice, conversation, text, @private, origin.Trace);
        return "answered";
    }
}

/// <summary>What an effect comes from.</summary>
/// <param name="Notice">Names the notice it may add, so that a repetition adds none.</param>
/// <param name="Trace">The traceparent of the span it happens in; null where nobody traces.</param>
internal readonly record struct Origin(string Notice, string? Trace);
