using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;

namespace Bots.Faults.Judge;

/// <summary>Every session's log is numbered without gaps, and folded from nothing it gives the state that is stored.</summary>
internal static class LogJudge
{
    public static IEnumerable<Violation> Judge(Stored stored)
    {
        foreach (var session in stored.Sessions)
        {
            var events = stored.Events[session.Id].ToList();
            if (events.Select((e, index) => e.Sequence - index).Any(n => n != 1) || session.LastSequence != events.Count)
                yield return new Violation($"the log of {session.Id} has gaps", session.Id.Value);

            var view = SessionFold.Fold(session.Id, events);
            var prompts = stored.Prompts.Where(p => p.SessionId == session.Id).ToList();
            foreach (var prompt in prompts.Where(p => view.Prompts.Find(v => v.Id == p.Id)?.State != p.State))
                yield return new Violation($"{prompt.Id} is stored as {prompt.State}, and in the log it is {view.Prompts.Find(v => v.Id == prompt.Id)?.State}", prompt.Text);
            if (view.Prompts.Count != prompts.Count) yield return new Violation($"{session.Id} has {prompts.Count} prompts, and its log {view.Prompts.Count}", session.Id.Value);
            if (view.PullRequest?.Number != session.PullRequest) yield return new Violation($"{session.Id} has pull request {session.PullRequest}, and its log {view.PullRequest?.Number}", session.Id.Value);
            foreach (var violation in Permissions(stored, session.Id, view)) yield return violation;
        }

        foreach (var prompt in stored.Prompts.Where(p => p.State is PromptState.Queued or PromptState.Running))
            yield return new Violation($"{prompt.Id} is {prompt.State} in the end: {prompt.Text}", prompt.Text);
        foreach (var delivery in stored.OpenDeliveries) yield return new Violation($"a delivery was not taken up: {delivery}");
    }

    private static IEnumerable<Violation> Permissions(Stored stored, SessionId session, SessionView view)
    {
        var shown = view.Prompts.SelectMany(p => p.Permissions).ToDictionary(p => p.Id);
        foreach (var request in stored.Permissions.Where(p => p.SessionId == session))
        {
            var outcome = shown.GetValueOrDefault(request.Id)?.Outcome?.Decision;
            var state = outcome switch { null => "pending", PermissionDecision.Deny => "denied", _ => "allowed" };
            if (state != request.State) yield return new Violation($"permission {request.Id} is stored as {request.State}, and in the log it is {state}", request.Id.Value);
        }
    }
}
