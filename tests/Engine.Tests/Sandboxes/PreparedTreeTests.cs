using Bots.Engine.Forges;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Bots.Engine.Workspaces;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Tests.Sandboxes;

public sealed class PreparedTreeTests : IAsyncLifetime
{
    private static readonly RepositoryName Calculator = RepositoryName.Parse("acme/calculator");
    private readonly EngineWorld _world = new();
    private string _head = new('1', 40);
    private bool _setupFails;

    public async ValueTask InitializeAsync()
    {
        _world.Forge.Files[".bots.yml"] = "setup: npm ci\n";
        await _world.Start();
        _world.Sandboxes.Make = agent => agent.Git = Git;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task New_workspaces_start_out_as_the_prepared_tree()
    {
        await Prepare();

        var tree = Current().ShouldNotBeNull();
        (tree.CommitId, tree.State).ShouldBe((_head, "ready"));
        Directory.Exists(_world.Get<SandboxPaths>().Tree(tree.Id)).ShouldBeTrue();
        _world.Sandboxes.Running.ShouldBeEmpty();
        (await Session("c1")).ShouldBe(_world.Get<SandboxPaths>().Tree(tree.Id));
    }

    [Fact]
    public async Task It_is_built_anew_only_when_the_default_branch_or_the_setup_changed()
    {
        await Prepare();
        var first = Current();
        await Prepare();
        Current()!.Id.ShouldBe(first!.Id);

        _head = new('2', 40);
        await Prepare();

        Current()!.Id.ShouldNotBe(first.Id);
        Current()!.CommitId.ShouldBe(_head);
    }

    [Fact]
    public async Task A_failed_build_keeps_the_last_good_one_and_tells_the_channel_once()
    {
        _world.Forge.Known[0] = _world.Forge.Known[0] with { Channels = ["C1"] };
        await Prepare();
        var good = Current();

        (_head, _setupFails) = (new('2', 40), true);
        await Prepare();
        await Prepare();
        _head = new('3', 40);
        await Prepare();

        Current()!.Id.ShouldBe(good!.Id);
        await _world.Surface.Shows("notice:", "The setup of acme/calculator fails since 2222222, so I go on with the last state that worked: npm ERR! broken");
        _world.Surface.Messages.Count(m => m.Key.StartsWith("notice:", StringComparison.Ordinal)).ShouldBe(1);
        (await Session("c1")).ShouldBe(_world.Get<SandboxPaths>().Tree(good.Id));
    }

    [Fact]
    public async Task One_that_is_superseded_goes_when_nobody_uses_it_any_more()
    {
        await Prepare();
        var (used, paths) = (Current()!, _world.Get<SandboxPaths>());
        await Session("c1");
        _head = new('2', 40);
        await Prepare();
        var unused = Current()!;
        _head = new('3', 40);
        await Prepare();

        await _world.Get<Housekeeper>().Tidy(CancellationToken.None);

        Directory.Exists(paths.Tree(used.Id)).ShouldBeTrue();
        Directory.Exists(paths.Tree(unused.Id)).ShouldBeFalse();
        Directory.Exists(paths.Tree(Current()!.Id)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_repository_that_is_not_there_leaves_nothing_behind()
    {
        _world.Sandboxes.Make = agent => agent.Git = _ => new ExecResult(128, "", "fatal: repository not found\n");

        await Should.ThrowAsync<Exception>(Prepare());

        Current().ShouldBeNull();
        _world.Sandboxes.Running.ShouldBeEmpty();
        Directory.GetDirectories(Path.Combine(_world.Get<SandboxPaths>().DataDirectory, "workspaces")).ShouldBeEmpty();
    }

    private Task Prepare() => _world.Get<TreePreparer>().Prepare(Calculator, CancellationToken.None);

    private TreeRow? Current() => _world.Store.Read(db => TreeStore.Current(db, Calculator));

    /// <summary>Plays a session to its end.</summary>
    /// <returns>The tree its workspace started out as.</returns>
    private async Task<string?> Session(string conversation)
    {
        var known = _world.Sandboxes.All.Count;
        await _world.Ask("fix it", conversation);
        await _world.Until(() => _world.Sandboxes.All.Count > known);
        var agent = _world.Sandboxes.All[^1];
        var tree = _world.Sandboxes.Spec(agent.Sandbox).Tree;
        agent.End(await agent.Prompted());
        await _world.Until(() => _world.View(conversation).Prompts is [{ State: PromptState.Completed }]);
        return tree;
    }

    private ExecResult Git(ExecRequest request)
    {
        if (request.Environment.ContainsKey("SETUP")) return _setupFails ? new ExecResult(1, "", "npm ERR! broken\n") : new ExecResult(0, "", "");
        return request.Arguments[^1].Contains("ls-remote", StringComparison.Ordinal)
            ? new ExecResult(0, $"{_head}\trefs/heads/main\n", "") : new ExecResult(0, _head + "\n", "");
    }
}
