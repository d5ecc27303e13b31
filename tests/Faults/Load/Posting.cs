using Bots.Faults.Plan;
using Bots.Faults.World;
using Bots.Simulators.Slack;

namespace Bots.Faults.Load;

/// <summary>People who write in Slack, and Slack, which delivers what they write: again until it is taken, in any order, and sometimes three times at once.</summary>
internal sealed class Posting(Surroundings world, Timeline timeline, int seed)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>The message, and whether it was accepted.</returns>
    public async Task<Asked> Say(Talk talk, Job job, string? thread)
    {
        var (ts, events) = world.Slack.SayQuietly(talk.Author, Surroundings.Channel, $"<@{world.Slack.Options.BotUserId}> {job.Text}", thread);
        timeline.Add($"{job.Name} is said: {job.Text}");
        var accepted = false;
        foreach (var happened in (seed + talk.Number) % 2 == 0 ? events : events.Reverse()) accepted |= await Deliver(happened, job);
        timeline.Add($"{job.Name} is {(accepted ? "accepted" : "not accepted")}");
        return new Asked(talk.Number, job, ts, thread ?? ts, accepted);
    }

    private async Task<bool> Deliver(SlackEvent happened, Job job)
    {
        var begun = timeline.Now;
        for (var retry = 0; timeline.Now - begun < Patience; retry++)
        {
            var copies = Enumerable.Range(0, job.Thrice ? 3 : 1).Select(_ => world.Slack.Deliver(happened, Math.Min(retry, 3), retry > 0 ? "http_error" : null));
            if ((await Task.WhenAll(copies)).Any(d => d.IsTaken)) return true;
            await Task.Delay(Again, TimeProvider.System);
        }

        return false;
    }
}

/// <summary>A job that was asked for.</summary>
/// <param name="Message">Its message's ts; a comment's id on GitHub.</param>
/// <param name="Thread">Its thread's ts; a pull request's number on GitHub.</param>
/// <param name="Accepted">The service said that it has it.</param>
public sealed record Asked(int Talk, Job Job, string Message, string Thread, bool Accepted)
{
    public bool IsComment => Job.OnPullRequest;
}
