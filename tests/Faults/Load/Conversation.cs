using Bots.Faults.Plan;
using Bots.Faults.World;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.Slack;

namespace Bots.Faults.Load;

/// <summary>One thread from its first mention to its last answer, and what is asked meanwhile on its pull request.</summary>
internal sealed class Conversation(Surroundings world, Timeline timeline, Posting posting, Talk talk)
{
    /// <summary>So long after nothing is broken any more, people are said to have got no answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>Longer than a sandbox may be idle.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(14);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(150);

    private readonly Clicking _clicking = new(world, timeline);
    private readonly PullRequestTalk _comments = new(world, timeline);
    private readonly List<Asked> _asked = [];

    /// <returns>All that was asked; complete also when an answer did not come.</returns>
    public async Task<IReadOnlyList<Asked>> Hold(CancellationToken stop)
    {
        string? thread = null;
        foreach (var job in talk.Jobs)
        {
            if (stop.IsCancellationRequested) break;
            if (job.Later || !job.AtOnce) await Answered();
            if (job.Later) await Task.Delay(Silence, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var asked = job.OnPullRequest && PullRequest(thread!) is { } pull ? _comments.Say(talk, job, pull) : await posting.Say(talk, job with { OnPullRequest = false }, thread);
            thread ??= asked.Thread;
            _asked.Add(asked);
        }

        await Answered();
        return _asked;
    }

    /// <summary>Waits, deciding what is asked, until everything that was accepted is answered or nobody would wait any longer.</summary>
    private async Task Answered()
    {
        while (timeline.SinceCalm < Patience)
        {
            var pull = _asked.Find(a => a.IsComment)?.Thread;
            var thread = _asked.Count == 0 ? [] : world.Slack.Thread(Surroundings.Channel, _asked[0].Thread).Where(m => m.BotId is not null).ToList();
            var comments = pull is null ? [] : world.GitHub.Comments(Surroundings.Repository, int.Parse(pull));
            if (Count(thread) >= _asked.Count(a => a is { Accepted: true, IsComment: false }) && _asked.Where(a => a.IsComment).All(a => PullRequestTalk.IsAnswered(comments, a, world.GitHub.Bot.Login))) return;
            await _clicking.Decide(thread, _asked);
            _comments.Decide(comments, _asked);
            await Task.Delay(Look, TimeProvider.System);
        }

        timeline.Add($"{talk.Jobs[0].Name}: nobody waits any longer");
    }

    private static int Count(List<SlackMessage> thread) => thread.Count(m => Shown.IsPrompt(m) && Shown.IsFinal(m));

    /// <summary>The pull request of this thread, as its final message shows it.</summary>
    private Issue? PullRequest(string thread)
    {
        var shown = string.Concat(world.Slack.Thread(Surroundings.Channel, thread).Where(m => m.BotId is not null).Select(m => m.Everything));
        return world.GitHub.PullRequests(Surroundings.Repository).FirstOrDefault(p => shown.Contains($"/pull/{p.Number}\"", StringComparison.Ordinal));
    }
}
