using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Bots.Engine.Workspaces;

namespace Bots.Engine.Tests.Sandboxes;

public sealed class SnapshotTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private SandboxPaths Paths => _world.Get<SandboxPaths>();

    [Fact]
    public async Task An_idle_workspace_is_put_away_and_a_follow_up_after_days_goes_on_with_it()
    {
        var workspace = await Rested();
        Directory.Exists(Paths.Folder(workspace)).ShouldBeFalse();
        Files().ShouldHaveSingleItem();

        _world.Clock.Advance(TimeSpan.FromDays(5));
        var agent = await Again();

        File.ReadAllText(Path.Combine(Paths.Workspace(workspace), "notes.txt")).ShouldBe("half done");
        File.ReadAllText(Path.Combine(Paths.Home(workspace), "state.json")).ShouldBe("{}");
        agent.Count("session/load").ShouldBe(1);
        _world.View().Prompts[^1].Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_cannot_be_restored_falls_back_to_the_branch_and_says_so()
    {
        var workspace = await Rested();
        await File.WriteAllTextAsync(Files().Single(), "not an archive", TestContext.Current.CancellationToken);
        _world.Sandboxes.Make = next => next.Refuses = new HashSet<string> { "session/load" };

        await Again();

        _world.Store.Read(db => WorkspaceStore.Of(db, _world.Session()!.Value))!.Id.ShouldNotBe(workspace);
        _world.View().Prompts[^1].Notes.ShouldHaveSingleItem().ShouldContain("could not take up its earlier conversation");
    }

    [Fact]
    public async Task It_expires()
    {
        await Rested();

        _world.Clock.Advance(TimeSpan.FromDays(31));
        await Tidy();

        await _world.Until(() => Files().Length == 0);
        _world.Store.Read(Snapshots.List).ShouldBeEmpty();
        await _world.Until(() => _world.Store.Read(db => WorkspaceStore.Of(db, _world.Session()!.Value)) is null);
    }

    [Fact]
    public async Task The_next_one_replaces_it()
    {
        await Rested();
        await Again();
        await Rest();

        _world.Store.Read(Snapshots.List).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_workspace_that_is_wanted_while_it_is_put_away_stays_where_it_is()
    {
        var workspace = await Idle();
        var row = _world.Store.Read(db => WorkspaceStore.Get(db, workspace))!;
        var snapshots = _world.Get<Snapshots>();

        await Task.WhenAll(snapshots.PutAway(row, () => true, CancellationToken.None), snapshots.Ready(row, CancellationToken.None));
        (await snapshots.Ready(row, CancellationToken.None)).ShouldBeTrue();

        File.ReadAllText(Path.Combine(Paths.Workspace(workspace), "notes.txt")).ShouldBe("half done");
    }

    [Fact]
    public async Task A_workspace_that_was_taken_into_use_since_it_was_looked_at_stays_where_it_is()
    {
        var workspace = await Idle();
        var row = _world.Store.Read(db => WorkspaceStore.Get(db, workspace))!;

        await _world.Get<Snapshots>().PutAway(row, () => false, CancellationToken.None);

        File.ReadAllText(Path.Combine(Paths.Workspace(workspace), "notes.txt")).ShouldBe("half done");
        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_put_away_while_a_prompt_waits()
    {
        var workspace = await Idle();
        await _world.Get<SandboxManager>().Stop(_world.Sandboxes.Running.Single().Sandbox, CancellationToken.None);
        _world.Sandboxes.Starting = () => new TaskCompletionSource().Task;
        await _world.Ask("again");
        await _world.Until(() => _world.View().Prompts.Count == 2);
        _world.Clock.Advance(TimeSpan.FromHours(1));

        await Tidy();

        Directory.Exists(Paths.Folder(workspace)).ShouldBeTrue();
        Files().ShouldBeEmpty();
        _world.Sandboxes.Starting = () => Task.CompletedTask;
        await _world.Stop("c1");
        await _world.Until(() => _world.View().Prompts is [_, { State: PromptState.Cancelled }]);
    }

    private async Task<WorkspaceId> Rested()
    {
        var workspace = await Idle();
        await Rest();
        return workspace;
    }

    private async Task Rest()
    {
        _world.Clock.Advance(TimeSpan.FromMinutes(15));
        await _world.Get<Reaper>().Reap(CancellationToken.None);
        await Settled();
    }

    /// <summary>The reaper's own round, which time has set off, may be in the middle of it.</summary>
    private Task Settled() => _world.Until(() => _world.Sandboxes.Running.Count == 0 && Files() is [var file] && file.EndsWith(".tar.gz", StringComparison.Ordinal)
        && Directory.GetDirectories(Path.Combine(Paths.DataDirectory, "workspaces")).Length == 0);

    private Task Tidy() => _world.Get<Housekeeper>().Tidy(CancellationToken.None);

    private async Task<WorkspaceId> Idle()
    {
        await _world.Ask("first");
        var agent = await _world.Sandboxes.Started();
        var workspace = _world.Store.Read(db => WorkspaceStore.Of(db, _world.Session()!.Value))!.Id;
        await File.WriteAllTextAsync(Path.Combine(Paths.Workspace(workspace), "notes.txt"), "half done", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Paths.Home(workspace), "state.json"), "{}", TestContext.Current.CancellationToken);
        await End(agent, 1);
        return workspace;
    }

    private async Task<ScriptedAgent> Again()
    {
        await _world.Ask("again");
        var agent = await _world.Sandboxes.Started();
        await End(agent, 2);
        return agent;
    }

    private async Task End(ScriptedAgent agent, int prompts)
    {
        agent.End(await agent.Prompted());
        await _world.Until(() => _world.View().Prompts.Count == prompts && _world.View().Prompts[^1].State == PromptState.Completed
            && !_world.Get<SandboxManager>().IsLeased(agent.Sandbox) && _world.Store.Read(db => SandboxStore.Get(db, agent.Sandbox))!.IdleSince is not null);
    }

    private string[] Files() => Directory.Exists(Paths.Snapshots) ? Directory.GetFiles(Paths.Snapshots) : [];
}
