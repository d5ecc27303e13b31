using Bots.Faults.Plan;
using Bots.Faults.World;
using Bots.Simulators.GitHub.Faults;
using Bots.Simulators.Slack;

namespace Bots.Faults.Breaks;

/// <summary>Does to the service what the plan says, until told to stop; then the service runs and nothing is in its way any more.</summary>
internal sealed class Breaker(Surroundings world, Timeline timeline, RunPlan plan)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(3);

    public int SandboxesKilled { get; private set; }

    public int Troubles { get; private set; }

    public int Restarts { get; private set; }

    public async Task Run(CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var breakage = plan.Breakage(number);
            await Task.Delay(breakage.After, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            timeline.Add($"break {number}: {breakage}");
            await Break(breakage);
            timeline.Add($"break {number} is done");
        }
    }

    private async Task Break(Breakage breakage)
    {
        switch (breakage)
        {
            case Breakage.Kill kill:
                await KillAndStart(kill.Down);
                break;
            case Breakage.KillWhile kill:
                var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Hold(kill.Call, release.Task);
                await Task.Delay(kill.Hold, TimeProvider.System);
                await world.Service.Kill();
                release.SetResult();
                await Task.Delay(kill.Down, TimeProvider.System);
                await world.Service.Start();
                break;
            case Breakage.Restart:
                Restarts++;
                await world.Service.Stop();
                await world.Service.Start();
                break;
            case Breakage.SlackTrouble trouble:
                Troubles++;
                world.Slack.Fail(trouble.Method, Slack(trouble.Kind), trouble.Times);
                break;
            case Breakage.GitHubTrouble trouble:
                Troubles++;
                world.GitHub.Fail(trouble.Calls, GitHub(trouble.Kind), trouble.Times);
                break;
            case Breakage.SandboxKill kill:
                if (SandboxKiller.Kill(world.Paths, kill.Which) is { } killed)
                {
                    SandboxesKilled++;
                    timeline.Add($"break: {killed} is killed");
                }

                break;
        }
    }

    private async Task KillAndStart(TimeSpan down)
    {
        await world.Service.Kill();
        await Task.Delay(down, TimeProvider.System);
        await world.Service.Start();
    }

    private void Hold(Held call, Task release)
    {
        switch (call)
        {
            case Held.SlackPostBefore:
                world.Slack.Fail("chat.postMessage", SlackFault.Hold(release));
                break;
            case Held.SlackPostAfter:
                world.Slack.Fail("chat.postMessage", SlackFault.Hold(release, afterEffect: true));
                break;
            case Held.SlackEdit:
                world.Slack.Fail("chat.update", SlackFault.Hold(release, afterEffect: true));
                break;
            case Held.PullRequest:
                world.GitHub.Fail("POST /repos/*/*/pulls", Fault.Hold(release));
                break;
            case Held.Push:
                world.GitHub.Fail("POST /*/*/git-receive-pack", Fault.Hold(release));
                break;
            case Held.GitHubComment:
                world.GitHub.Fail("POST /repos/*/*/issues/*/comments", Fault.Hold(release));
                break;
        }
    }

    private static SlackFault Slack(Trouble kind) => kind switch
    {
        Trouble.ServerError => SlackFault.Status(500),
        Trouble.TooManyRequests => SlackFault.RateLimited(RetryAfter),
        Trouble.LostBefore => SlackFault.DropBefore,
        Trouble.LostAfter => SlackFault.DropAfter,
        _ => SlackFault.Hold(Task.Delay(Lateness, TimeProvider.System), afterEffect: true),
    };

    private static Fault GitHub(Trouble kind) => kind switch
    {
        Trouble.ServerError => Fault.ServerError,
        Trouble.TooManyRequests => Fault.SecondaryRateLimit(RetryAfter),
        Trouble.LostBefore => Fault.DropBefore,
        Trouble.LostAfter => Fault.DropAfter,
        _ => Fault.Hold(Task.Delay(Lateness, TimeProvider.System)),
    };
}
