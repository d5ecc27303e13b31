namespace Bots.Faults.Plan;

/// <summary>Everything a run does, as a function of its seed: talk and breakage by their number. Pure. When each falls is up to the machine.</summary>
public sealed class RunPlan(int seed)
{
    public static readonly IReadOnlyList<string> People = ["U0ANA00000", "U0BEN00000", "U0CLEO0000", "U0DAN00000"];

    private const int BreatherEvery = 25;

    /// <summary>Longer than an agent may be silent: a service that is killed every few seconds never finds out that one hangs.</summary>
    private static readonly TimeSpan Breather = TimeSpan.FromSeconds(30);

    private static readonly string[] SlackMethods = ["chat.postMessage", "chat.update", "reactions.add", "conversations.replies", "users.info", "*"];

    private static readonly string[] GitHubCalls =
        ["POST /repos/*/*/pulls", "GET /repos/*/*/pulls", "POST /repos/*/*/issues/*/comments", "PATCH /repos/*/*/issues/comments/*", "POST /*/*/git-receive-pack", "GET /*/*/info/refs", "* /repos/**"];

    private static readonly TimeSpan[] Jumps =
    [
        TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(-3), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(-20), TimeSpan.FromHours(3), TimeSpan.FromHours(-3), TimeSpan.FromDays(2), TimeSpan.FromDays(-2),
    ];

    public int Seed { get; } = seed;

    public Talk Talk(int number)
    {
        var random = Of("talk", number);
        var edits = random.Next(100) < 60;
        var count = random.Next(1, 6);
        var jobs = Enumerable.Range(1, count).Select(n => Job(random, $"c{number}-{n}", edits, n)).ToList();
        return new Talk(number, People[number % People.Count], jobs);
    }

    public Breakage Breakage(int number)
    {
        var random = Of("break", number);
        var after = number % BreatherEvery == BreatherEvery - 1 ? Breather : Milliseconds(random, 100, 1500);
        var down = Milliseconds(random, 0, 400);
        return random.Next(100) switch
        {
            < 10 => new Breakage.Kill(down) { After = after },
            < 40 => new Breakage.KillAt(Pick(random, Points.All), random.Next(1, 4), down) { After = after },
            < 50 => new Breakage.KillAtStart(Points.AnyCommit, random.Next(1, 40), down) { After = after },
            < 54 => new Breakage.KillOnFile(Pick(random, Enum.GetValues<Writing>()), down) { After = after },
            < 67 => new Breakage.KillWhile(Pick(random, Enum.GetValues<Held>()), Milliseconds(random, 20, 600), down) { After = after },
            < 70 => new Breakage.Restart { After = after },
            < 77 => new Breakage.SlackTrouble(Pick(random, SlackMethods), Pick(random, Enum.GetValues<Trouble>()), random.Next(1, 5)) { After = after },
            < 84 => new Breakage.GitHubTrouble(Pick(random, GitHubCalls), Pick(random, Enum.GetValues<Trouble>()), random.Next(1, 4)) { After = after },
            < 88 => new Breakage.SandboxKill(random.Next(1000)) { After = after },
            < 91 => new Breakage.SandboxFreeze(random.Next(1000), Milliseconds(random, 200, 3000)) { After = after },
            < 93 => new Breakage.SidecarCut { After = after },
            < 95 => new Breakage.ClockJump(Pick(random, Jumps), Milliseconds(random, 500, 4000)) { After = after },
            < 97 => new Breakage.StoreBusy(Milliseconds(random, 500, 5000)) { After = after },
            < 98 => new Breakage.DiskFull(Milliseconds(random, 500, 4000)) { After = after },
            _ => new Breakage.WebhooksLate(Milliseconds(random, 500, 5000)) { After = after },
        };
    }

    private static TimeSpan Milliseconds(Random random, int least, int most) => TimeSpan.FromMilliseconds(random.Next(least, most));

    private static Job Job(Random random, string name, bool edits, int number)
    {
        var decision = random.Next(100) < 45 ? Pick(random, [Decision.Allow, Decision.Deny, Decision.Both]) : Decision.None;
        var steps = new List<string>();
        if (random.Next(2) == 0) steps.Add($"wait={random.Next(20, 800)}");
        if (decision != Decision.None) steps.Add("ask");
        if (edits && (number == 1 || random.Next(2) == 0)) steps.Add("edit");
        if (random.Next(3) == 0) steps.Add($"wait={random.Next(20, 400)}");
        var fails = number > 1 && random.Next(100) < 3;
        steps.Add(fails ? Pick(random, ["crash", "hang"]) : "say");
        return new Job(name, string.Join(' ', steps), decision)
        {
            OnPullRequest = edits && number > 1 && random.Next(100) < 40,
            AtOnce = number > 1 && random.Next(100) < 30,
            Later = number > 1 && random.Next(100) < 6,
            Thrice = random.Next(100) < 30,
            Fails = fails,
        };
    }

    /// <summary>A stream of its own for each, so that nothing depends on the order in which they are asked for.</summary>
    private Random Of(string what, int number) => new((int)Mixed(((ulong)(uint)Seed << 32) ^ ((ulong)(uint)number << 8) ^ what[0]));

    /// <summary>Neighbouring numbers make neighbouring streams otherwise (this is splitmix64's last step).</summary>
    private static ulong Mixed(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return (value ^ (value >> 31)) >> 33;
        }
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> among) => among[random.Next(among.Count)];
}
