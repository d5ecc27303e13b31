using Bots.Engine.Forges;
using Bots.Engine.Intake;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Turns;

/// <summary>After a turn: commits what is left, pushes, and opens a pull request when there is none. Every step can be repeated.</summary>
internal sealed class Publisher(IForge forge, SessionLog log, SessionStore sessions, IStore store)
{
    private const int LongestTitle = 72;

    /// <returns>False when there was nothing to publish.</returns>
    public async Task<bool> Publish(PromptRow prompt, WorkTarget target, ISandboxConnection sandbox, CancellationToken cancellation)
    {
        var checkout = new Checkout(sandbox);
        var self = await forge.Self(cancellation);
        var message = $"{Title(prompt.Text)}\n\n{prompt.Text}\n\nCo-authored-by: {self.Name} <{Checkout.Email(self)}>\n";
        if (await checkout.Commit(prompt.StartCommit!, target.Branch!, message, prompt.Author, cancellation) is not { } changes) return false;

        await log.Append(prompt.SessionId, new SessionEvent.StageChanged(prompt.Id, "pushing the branch"));
        await checkout.Push(target.Branch!, cancellation);
        if (View(prompt).Commit != changes.Commit) await log.Append(prompt.SessionId, new SessionEvent.ChangesPushed(prompt.Id, target.Branch!, changes.Commit, changes.Diff));
        if (target.PullRequest is null) await OpenPullRequest(prompt, target, cancellation);
        return true;
    }

    private async Task OpenPullRequest(PromptRow prompt, WorkTarget target, CancellationToken cancellation)
    {
        var into = target.PullRequestBase ?? target.Base ?? await forge.DefaultBranch(target.Repository, cancellation);
        var body = $"{View(prompt).Conclusion}\n\nAsked by {prompt.Author.Name}:\n\n{Quote(prompt.Text)}";
        var opened = await forge.FindPullRequest(target.Repository, target.Branch!, cancellation)
            ?? await forge.OpenPullRequest(target.Repository, new NewPullRequest(target.Branch!, into, Title(log.View(prompt.SessionId).Prompts[0].Text), body), cancellation);
        await store.Write(write =>
        {
            SessionStore.SetTarget(write, prompt.SessionId, target with { PullRequest = opened.Number });
            log.Append(write, prompt.SessionId, new SessionEvent.PullRequestOpened(prompt.Id, opened.Number, opened.Url));
            if (opened.Conversation is { } conversation) sessions.Bind(write, prompt.SessionId, conversation);
        }, cancellation);
    }

    /// <summary>The first line of the request, cut at a word.</summary>
    internal static string Title(string text)
    {
        var line = text.Trim().Split('\n')[0].Trim();
        if (line.Length == 0) return "Changes by the bot";
        line = char.ToUpperInvariant(line[0]) + line[1..];
        if (line.Length <= LongestTitle) return line;
        var space = line.LastIndexOf(' ', LongestTitle - 1);
        var cut = space > LongestTitle / 2 ? space : LongestTitle - 1;
        return line[..(char.IsHighSurrogate(line[cut - 1]) ? cut - 1 : cut)] + "…";
    }

    private PromptView View(PromptRow prompt) => log.View(prompt.SessionId).Prompts.First(p => p.Id == prompt.Id);

    private static string Quote(string text) => string.Join('\n', text.Split('\n').Select(line => "> " + line));
}
