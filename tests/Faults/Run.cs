using Bots.Engine.Sessions;
using Bots.Faults.Breaks;
using Bots.Faults.Judge;
using Bots.Faults.Load;
using Bots.Faults.Plan;
using Bots.Faults.World;
using Dapper;

namespace Bots.Faults;

/// <summary>One run: load, breakage, rest, judgement.</summary>
public sealed class Run(Arguments arguments, TextWriter output)
{
    private const int Talkers = 14;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    private readonly RunPlan _plan = new(arguments.Seed);
    private readonly Timeline _timeline = new();

    /// <returns>What happened, and what should not have.</returns>
    public async Task<Report> Go()
    {
        var world = await Surroundings.Start(arguments.Sandbox);
        await using (world)
        {
            using var load = new CancellationTokenSource();
            using var trouble = new CancellationTokenSource();
            using var over = new CancellationTokenSource();
            var redelivery = new Redelivery(world, _timeline);
            var redelivering = redelivery.Run(over.Token);
            var breaker = new Breaker(world, _timeline, _plan);
            var breaking = breaker.Run(trouble.Token);
            var talking = Talk(world, load.Token);
            await Task.WhenAny(Task.Delay(arguments.Length, TimeProvider.System), breaking);
            await load.CancelAsync();
            await trouble.CancelAsync();
            await breaking;
            _timeline.Calm();
            var asked = await talking;
            await Quiet(world, redelivery);
            await over.CancelAsync();
            await redelivering;
            await world.Service.Stop();

            var stored = Stored.Read(world.Paths);
            var violations = await Judge(world, breaker, asked, stored);
            world.Keep = violations.Count > 0;
            var report = Report(world, breaker, asked, stored, violations);
            report.Write(output, arguments);
            if (violations.Count > 0) Explain(world, violations);
            return report;
        }
    }

    private async Task<IReadOnlyList<Asked>> Talk(Surroundings world, CancellationToken stop)
    {
        var posting = new Posting(world, _timeline, arguments.Seed);
        var next = 0;
        var talkers = Enumerable.Range(0, Talkers).Select(async _ =>
        {
            var asked = new List<Asked>();
            while (!stop.IsCancellationRequested) asked.AddRange(await new Conversation(world, _timeline, posting, _plan.Talk(Interlocked.Increment(ref next))).Hold(stop));
            return asked;
        });
        return [.. (await Task.WhenAll(talkers)).SelectMany(a => a)];
    }

    /// <summary>Nothing is broken any more: until nothing is on its way, or nobody would wait any longer.</summary>
    private async Task Quiet(Surroundings world, Redelivery redelivery)
    {
        var begun = _timeline.Now;
        while (_timeline.Now - begun < Rest && (redelivery.Once() > 0 || Open(world) > 0)) await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
    }

    private static long Open(Surroundings world)
    {
        using var source = new Engine.Storage.SqliteDataSource(world.Paths.Database);
        using var db = source.OpenConnection();
        return db.QuerySingle<long>(
            """
            SELECT (SELECT COUNT(*) FROM prompts WHERE state IN ('Queued', 'Running')) + (SELECT COUNT(*) FROM deliveries WHERE state = 'pending')
                + (SELECT COUNT(*) FROM conversations c JOIN sessions s ON s.id = c.session_id WHERE c.shown < s.last_sequence)
            """);
    }

    private static async Task<IReadOnlyList<Violation>> Judge(Surroundings world, Breaker breaker, IReadOnlyList<Asked> asked, Stored stored) =>
    [
        .. new MessagesJudge(world, asked, stored).Judge(),
        .. await new PullRequestsJudge(world, asked, stored).Judge(),
        .. await new PermissionsJudge(world, asked, stored).Judge(),
        .. OrderJudge.Judge(world, asked),
        .. LogJudge.Judge(stored),
        .. FailuresJudge.Judge(asked, stored, breaker.DiskFilled > 0),
        .. await LeftoversJudge.Judge(world, stored),
    ];

    private static Report Report(Surroundings world, Breaker breaker, IReadOnlyList<Asked> asked, Stored stored, IReadOnlyList<Violation> violations) => new()
    {
        Kills = world.Service.Kills,
        AtPoints = breaker.Points.Reached,
        Points = [.. breaker.Points.ReachedPoints],
        MissedPoints = [.. breaker.Points.MissedPoints],
        Restarts = breaker.Restarts,
        Troubles = breaker.Troubles,
        SandboxesKilled = breaker.SandboxesKilled,
        Threads = asked.Select(a => a.Talk).Distinct().Count(),
        Asked = asked.Count,
        Accepted = asked.Count(a => a.Accepted),
        Comments = asked.Count(a => a.IsComment),
        Permissions = stored.Permissions.Count,
        PullRequests = world.GitHub.PullRequests(Surroundings.Repository).Count,
        Failures = [.. stored.Events.SelectMany(e => e).Select(e => e.Event).OfType<SessionEvent.PromptFinished>().Where(f => f.State != PromptState.Completed).GroupBy(f => f.Cause ?? $"{f.State}").Select(g => $"{g.Count()} × {g.Key}")],
        SlowestStart = world.Service.SlowestStart,
        SlowestStop = world.Service.SlowestStop,
        Violations = violations,
    };

    private void Explain(Surroundings world, IReadOnlyList<Violation> violations)
    {
        output.WriteLine($"The service's log: {world.ServiceLog}; its data: {world.KeptData}");
        foreach (var line in _timeline.About([.. violations.SelectMany(v => v.About).Distinct()])) output.WriteLine(line);
    }
}
