using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Telling an idle sandbox from one at work: the same in every provider's sandboxes.</summary>
public abstract class ActivityContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task A_sandbox_where_only_an_agent_waits_is_idle()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "read line");

        (await sandbox.Activity(Cancellation)).ShouldBeEquivalentTo(new SandboxActivity
        {
            SinceFileChange = null, AllFilesSeen = true, SinceTerminalActivity = null, OpenTerminals = 0, OtherProcesses = 0, ProcessNames = Array.Empty<string>(),
        });
    }

    [Fact(Timeout = Limit)]
    public async Task The_last_change_of_a_file_is_found_wherever_it_is()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.Bash("mkdir -p a/b/c .git/objects node_modules/x; touch -d '2 hours ago' a/b/c/file .git/objects/1 node_modules/x/1 .git node_modules a a/b a/b/c; ln -s /proc loop");
        await sandbox.Bash("touch -h -d '2 hours ago' loop; touch .git/objects/2 node_modules/x/2; touch -d '2 hours ago' .git node_modules; touch -d '1 hour' a/b/c/to-come; touch -d '2 hours ago' a/b/c");
        var before = await sandbox.Activity(Cancellation);

        await sandbox.Bash("touch -d '10 minutes ago' a/b/c/file");
        var after = await sandbox.Activity(Cancellation);

        before.SinceFileChange.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromHours(2), TimeSpan.FromHours(2.1));
        after.SinceFileChange.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(12));
        after.AllFilesSeen.ShouldBeTrue();
    }

    [Fact(Timeout = Limit)]
    public async Task What_the_agent_started_counts_and_the_agent_does_not()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await sandbox.StartBash("agent", "(exec -a tests sleep 1000) & echo up; read line");
        await sandbox.ReadSome("agent", 1);
        await sandbox.Bash("until pgrep -x sleep; do :; done");

        var activity = await sandbox.Activity(Cancellation);

        activity.OtherProcesses.ShouldBe(1);
        activity.ProcessNames.ShouldBe(["sleep"]);
    }

    [Fact(Timeout = Limit)]
    public async Task Typing_is_activity_and_an_open_terminal_is_not()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var terminal = await sandbox.OpenTerminal(new TerminalRequest("cat"), Cancellation);

        var before = await sandbox.Activity(Cancellation);
        await terminal.Write("x\r"u8.ToArray(), Cancellation);
        var after = await sandbox.Activity(Cancellation);

        (before.OpenTerminals, before.OtherProcesses, before.SinceTerminalActivity).ShouldBe((1, 0, null));
        after.SinceTerminalActivity.ShouldNotBeNull().ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }
}
