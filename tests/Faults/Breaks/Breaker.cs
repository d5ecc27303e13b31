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

    /// <summary>For how long a point is waited for.</summary>
    private TimeSpan Passing => TimeSpan.FromSeconds(2) + world.Service.LastStart;

    /// <summary>Which points the service was killed at.</summary>
    public PointCounts Points { get; } = new();

    public int DiskFilled { get; private set; }

    public int SandboxesKilled { get; private set; }

    public int Troubles { get; private set; }

    public int Restarts { get; private set; }

    public async Task Run(CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var breakage = plan.Breakage(number);
            // On a machine that is busy with other things, too, it gets something done in between.
            await Task.Delay(breakage.After + world.Service.LastStart, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
                await world.Service.Kill();
                await StartAfter(kill.Down);
                break;
            case Breakage.KillAt kill:
                Points.Count(kill.Point, await world.Service.KillAt(kill.Point, kill.Passes, Passing));
                await StartAfter(kill.Down);
                break;
            case Breakage.KillAtStart kill:
                await world.Service.Kill();
                await Task.Delay(kill.Down, TimeProvider.System);
                Points.Count("at start", await world.Service.Start(kill.Point, kill.Passes));
                break;
            case Breakage.KillOnFile kill:
                await world.Service.Kill();
                await Task.Delay(kill.Down, TimeProvider.System);
                Points.Count($"writing {kill.What}", await world.Service.StartUntil(Seen(kill.What)));
                break;
            case Breakage.KillWhile kill:
                var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Hold(kill.Call, release.Task);
                await Task.Delay(kill.Hold, TimeProvider.System);
                await world.Service.Kill();
                release.SetResult();
                await StartAfter(kill.Down);
                break;
            case Breakage.Restart:
                Restarts++;
                await world.Service.Stop();
                await world.Service.Start();
                break;
            default:
                Troubles++;
                await Disturb(breakage);
                break;
        }
    }

    /// <summary>What is done to the service's surroundings while it runs.</summary>
    private async Task Disturb(Breakage breakage)
    {
        switch (breakage)
        {
            case Breakage.SlackTrouble trouble:
                world.Slack.Fail(trouble.Method, Slack(trouble.Kind), trouble.Times);
                break;
            case Breakage.GitHubTrouble trouble:
                world.GitHub.Fail(trouble.Calls, GitHub(trouble.Kind), trouble.Times);
                break;
            case Breakage.WebhooksLate late:
                world.GitHub.HoldWebhooks(Task.Delay(late.Time, TimeProvider.System));
                break;
            case Breakage.SandboxKill kill when await world.Sandboxes.Kill(kill.Which) is { } killed:
                SandboxesKilled++;
                timeline.Add($"break: {killed} is killed");
                break;
            case Breakage.SandboxFreeze freeze:
                timeline.Add($"break: {await world.Sandboxes.Freeze(freeze.Which, freeze.Time)} stood still");
                break;
            case Breakage.SidecarCut:
                await world.Service.CutSidecars();
                break;
            case Breakage.ClockJump jump:
                await world.Service.SetClock(jump.By);
                await Task.Delay(jump.Time, TimeProvider.System);
                await world.Service.SetClock(TimeSpan.Zero);
                break;
            case Breakage.StoreBusy busy:
                await Disturbance.Write(world.Paths, busy.Time);
                break;
            case Breakage.DiskFull full when world.Disk is { } disk:
                DiskFilled++;
                await Disturbance.Fill(disk, full.Time);
                break;
        }
    }

    private Task<bool> Seen(Writing what) => what == Writing.SandboxRecord ? world.Sandboxes.SeenStarting(Passing) : FileWatch.Seen(world.Paths, what, Passing);

    private async Task StartAfter(TimeSpan down)
    {
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
        Trouble.Half => SlackFault.Half,
        _ => SlackFault.Hold(Task.Delay(Lateness, TimeProvider.System), afterEffect: true),
    };

    private static Fault GitHub(Trouble kind) => kind switch
    {
        Trouble.ServerError => Fault.ServerError,
        Trouble.TooManyRequests => Fault.SecondaryRateLimit(RetryAfter),
        Trouble.LostBefore => Fault.DropBefore,
        Trouble.LostAfter => Fault.DropAfter,
        Trouble.Half => Fault.Half,
        _ => Fault.Hold(Task.Delay(Lateness, TimeProvider.System)),
    };
}
