using System.Diagnostics;
using Bots.Engine.Sandboxes;
using Bots.Faults.World;
using Bots.Sandbox;

namespace Bots.Faults.Tests;

/// <summary>What can be done to sandboxes from outside, and seen of them.</summary>
public abstract class RunSandboxesContract : IAsyncLifetime
{
    private const int Limit = 120_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-");
    private RunSandboxes _sandboxes = null!;
    private ISandboxProvider _service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The service's provider, and the run's view of its sandboxes.</summary>
    private protected abstract (ISandboxProvider Service, RunSandboxes Sandboxes) Make(SandboxPaths paths);

    [Fact(Timeout = Limit)]
    public async Task One_that_is_killed_runs_no_more_and_the_others_do()
    {
        SandboxId[] all = [await Start(), await Start()];

        var killed = (await _sandboxes.Kill(1)).ShouldNotBeNull();

        all.ShouldContain(killed);
        while ((await _service.List(Cancellation)).Count != 1) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        (await _service.List(Cancellation)).Single().Id.ShouldBe(all.Single(sandbox => sandbox != killed));
    }

    [Fact(Timeout = Limit)]
    public async Task One_that_stood_still_goes_on()
    {
        var sandbox = await Start();

        (await _sandboxes.Freeze(0, TimeSpan.FromMilliseconds(100))).ShouldBe(sandbox);

        StandsStill(sandbox).ShouldBeFalse();
        // An engine refuses to stop what stands still.
        (await _sandboxes.Freeze(0, TimeSpan.Zero)).ShouldBe(sandbox);
        (await _service.List(Cancellation)).Single().Id.ShouldBe(sandbox);
    }

    [Fact(Timeout = Limit)]
    public async Task Those_of_another_run_are_not_touched()
    {
        var sandbox = await Start();
        var (_, others) = Make(new SandboxPaths(Folder("another")));
        using (others)
        {
            (await others.Kill(0)).ShouldBeNull();
            (await others.Freeze(0, TimeSpan.Zero)).ShouldBeNull();
            (await others.Left()).ShouldBeEmpty();
            await others.StopAll();
        }

        (await _service.List(Cancellation)).Single().Id.ShouldBe(sandbox);
    }

    [Fact(Timeout = Limit)]
    public async Task One_that_starts_is_seen_and_one_that_runs_is_not()
    {
        await Start();
        (await _sandboxes.SeenStarting(TimeSpan.FromMilliseconds(200))).ShouldBeFalse();

        var seen = _sandboxes.SeenStarting(Patience);
        while (!seen.IsCompleted) await Start();

        (await seen).ShouldBeTrue();
    }

    [Fact(Timeout = Limit)]
    public async Task Of_those_that_run_something_is_left_until_all_are_stopped()
    {
        var sandbox = await Start();
        (await _sandboxes.Left()).ShouldContain(left => left.Contains(sandbox.Value));

        await _sandboxes.StopAll();

        (await _sandboxes.Left()).ShouldBeEmpty();
        (await _sandboxes.Kill(0)).ShouldBeNull();
    }

    public ValueTask InitializeAsync()
    {
        (_service, _sandboxes) = Make(new SandboxPaths(Folder("data")));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_sandboxes is not null)
        {
            await _sandboxes.StopAll();
            _sandboxes.Dispose();
        }

        (_service as IDisposable)?.Dispose();
        // An engine leaves folders that only rm gets rid of.
        using var removal = Process.Start("rm", ["-rf", _directory.FullName]);
        await removal.WaitForExitAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Processes that bear its name are stopped.</summary>
    private static bool StandsStill(SandboxId sandbox) => Directory.EnumerateDirectories("/proc")
        .Any(process => Text($"{process}/cmdline").Contains(sandbox.Value, StringComparison.Ordinal) && Text($"{process}/status").Contains("\tT (", StringComparison.Ordinal));

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private async Task<SandboxId> Start()
    {
        var id = SandboxId.New();
        await _service.Start(new SandboxSpec { Id = id, Workspace = Folder($"{id}/workspace"), Tree = Folder("tree"), Home = Folder($"{id}/home"), ControlDirectory = Folder("data/control"), RegistrationToken = "token" }, Cancellation);
        return id;
    }

    private string Folder(string name) => _directory.CreateSubdirectory(name).FullName;
}
