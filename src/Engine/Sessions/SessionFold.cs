using System.Collections.Immutable;

namespace Bots.Engine.Sessions;

/// <summary>Turns the log into a picture of the session. Pure: folding a prefix and then the rest equals folding all.</summary>
public static class SessionFold
{
    public static SessionView Fold(SessionId session, IEnumerable<LoggedEvent> events) =>
        events.Aggregate(new SessionView { Id = session }, Apply);

    /// <summary>Applies the next event. Events that were folded in before are passed over.</summary>
    public static SessionView Apply(SessionView view, LoggedEvent logged) =>
        logged.Sequence <= view.Sequence ? view : Step(view, logged.Event, logged.At) with { Sequence = logged.Sequence };

    private static SessionView Step(SessionView view, SessionEvent happened, DateTimeOffset at) => happened switch
    {
        SessionEvent.SessionOpened e => view with { Agent = e.Agent, Model = e.Model, Target = e.Target },
        SessionEvent.ConversationBound e => view with
        {
            Conversations = view.Conversations.Contains(e.Conversation) ? view.Conversations : view.Conversations.Add(e.Conversation),
            Lost = view.Lost.RemoveAll(l => l.Conversation == e.Conversation),
        },
        SessionEvent.ConversationLost e => Lost(view, e, at),
        SessionEvent.RepositoryAsked e => view with { Candidates = [.. e.Candidates], RepositoryAsked = true },
        SessionEvent.RepositoryChosen e => view with { Target = e.Target, TargetReason = e.Why, Candidates = [] },
        SessionEvent.PromptQueued e => view with { Prompts = view.Prompts.Add(Queued(e, at)) },
        SessionEvent.PromptStarted e => With(view, e.Prompt, p => p with { State = PromptState.Running, StartedAt = p.StartedAt ?? at, Stage = null }),
        SessionEvent.PromptFinished e => With(view, e.Prompt, p => p with { State = e.State, Cause = e.Cause, FinishedAt = at, Stage = null }),
        SessionEvent.StopAsked e => With(view, e.Prompt, p => p with { StoppedBy = e.By }),
        SessionEvent.StageChanged e => With(view, e.Prompt, p => p with { Stage = e.Stage }),
        SessionEvent.AgentText e => With(view, e.Prompt, p => Heard(p) with { Items = Join(p.Items, e.Text) }),
        SessionEvent.AgentThought e => With(view, e.Prompt, Heard),
        SessionEvent.PlanChanged e => With(view, e.Prompt, p => Heard(p) with { Plan = [.. e.Entries] }),
        SessionEvent.ToolCallChanged e => With(view, e.Prompt, p => Place(Heard(p), e.Call)),
        SessionEvent.PermissionAsked e => With(view, e.Prompt, p => p with { Permissions = p.Permissions.Add(Asked(e, at)) }),
        SessionEvent.PermissionDecided e => With(view, e.Prompt, p => p with { Permissions = p.Permissions.ConvertAll(x => x.Id == e.Permission ? x with { Outcome = new(e.Decision, e.By, e.Rule, e.Reason, at) } : x) }),
        SessionEvent.ChangesPushed e => With(view, e.Prompt, p => p with { Changes = e.Diff, Commit = e.Commit }) with { Branch = e.Branch },
        SessionEvent.PullRequestOpened e => view with { PullRequest = new(e.Number, e.Url) },
        SessionEvent.UsageRecorded { Prompt: { } prompt } e => With(view, prompt, p => p with { Usage = p.Usage + e.Usage, Cost = e.Cost is null ? p.Cost : (p.Cost ?? 0) + e.Cost }),
        SessionEvent.Noted { Prompt: { } prompt } e => With(view, prompt, p => p with { Notes = p.Notes.Add(e.Text) }),
        _ => view,
    };

    private static SessionView Lost(SessionView view, SessionEvent.ConversationLost e, DateTimeOffset at) => view with
    {
        Lost = view.Lost.RemoveAll(l => l.Conversation == e.Conversation).Add(new(e.Conversation, e.Why, at)),
        Prompts = view.Prompts.ConvertAll(p => p.Conversation == e.Conversation && !p.IsOver ? p with { Notes = p.Notes.Add($"The place where this was asked is gone: {e.Why}") } : p),
    };

    private static SessionView With(SessionView view, PromptId prompt, Func<PromptView, PromptView> change)
    {
        var index = view.Prompts.FindLastIndex(p => p.Id == prompt);
        return index < 0 ? view : view with { Prompts = view.Prompts.SetItem(index, change(view.Prompts[index])) };
    }

    private static PromptView Queued(SessionEvent.PromptQueued e, DateTimeOffset at) => new()
    {
        Id = e.Prompt, Author = e.Author, Text = e.Text, Conversation = e.Conversation, Message = e.Message, Ahead = e.Ahead, QueuedAt = at,
    };

    private static PermissionView Asked(SessionEvent.PermissionAsked e, DateTimeOffset at) =>
        new() { Id = e.Permission, Call = e.Call, AskedAt = at, ExpiresAt = e.ExpiresAt, Words = e.Words };

    private static PromptView Heard(PromptView prompt) => prompt.Stage is null ? prompt : prompt with { Stage = null };

    private static ImmutableList<TurnItem> Join(ImmutableList<TurnItem> items, string text) =>
        items is [.., TurnItem.Text last] ? items.SetItem(items.Count - 1, last.Then(text)) : items.Add(new TurnItem.Text(text));

    private static PromptView Place(PromptView prompt, ToolCall call) => prompt.Calls.TryGetValue(call.Id, out var place)
        ? prompt with { Items = prompt.Items.SetItem(place, new TurnItem.Tool(call)) }
        : prompt with { Items = prompt.Items.Add(new TurnItem.Tool(call)), Calls = prompt.Calls.Add(call.Id, prompt.Items.Count) };
}
