using Bots.Engine.Sandboxes;
using Bots.Sandbox;

namespace Bots.Faults.World;

/// <summary>The sandboxes of one run, seen from the machine they are on: what may befall them there, and what is left of them.</summary>
/// <param name="provider">The service's, with the service's settings.</param>
internal abstract class RunSandboxes(ISandboxProvider provider) : IDisposable
{
    /// <summary>The provider of a run that asks for none.</summary>
    public const string Default = "bubblewrap";

    private static readonly Dictionary<string, Func<SandboxPaths, RunSandboxes>> Kinds = new(StringComparer.Ordinal)
    {
        [Default] = paths => new BubblewrapSandboxes(paths),
        ["docker"] = paths => new DockerSandboxes(DockerSandboxes.Options(paths)),
    };

    /// <summary>As in the setting <c>Sandbox:Provider</c>.</summary>
    public static IReadOnlyCollection<string> Names => Kinds.Keys;

    public static RunSandboxes Of(string name, SandboxPaths paths) => Kinds[name](paths);

    public string Name => provider.Name;

    /// <returns>What keeps them from working on this machine; null when nothing does.</returns>
    public async Task<SandboxProblem?> Problem() => (await provider.Check(CancellationToken.None)).FirstOrDefault(problem => problem.Fatal);

    /// <summary>Ends all that is in one of them at once, as on a machine out of memory.</summary>
    /// <param name="which">Picks one.</param>
    /// <returns>Its id; null when there is none, or nothing of it runs.</returns>
    public async Task<SandboxId?> Kill(int which) => await Choose(which) is { } chosen && await Send(Signal.Kill, chosen) ? chosen : null;

    /// <summary>One of them stands still for a while, as on a machine that has too much to do.</summary>
    /// <returns>Its id; null when there is none, or nothing of it runs.</returns>
    public async Task<SandboxId?> Freeze(int which, TimeSpan time)
    {
        if (await Choose(which) is not { } chosen || !await Send(Signal.Stop, chosen)) return null;
        await Task.Delay(time, TimeProvider.System);
        await Send(Signal.Cont, chosen);
        return chosen;
    }

    /// <summary>Ends what the service left running, or half made.</summary>
    public async Task StopAll()
    {
        var running = await provider.List(CancellationToken.None);
        foreach (var sandbox in running.Select(r => r.Id).Union(await Known())) await provider.Stop(sandbox, CancellationToken.None);
    }

    /// <returns>True as soon as one is seen to be made; false when none was in that time.</returns>
    public abstract Task<bool> SeenStarting(TimeSpan patience);

    /// <summary>What is still known of any of them, also of one that ended; nothing once all are stopped.</summary>
    public abstract Task<IReadOnlyList<string>> Left();

    public virtual void Dispose() => (provider as IDisposable)?.Dispose();

    /// <summary>All of which there is something.</summary>
    protected abstract Task<IReadOnlyList<SandboxId>> Known();

    /// <returns>False when nothing of it runs.</returns>
    protected abstract Task<bool> Send(Signal signal, SandboxId sandbox);

    private async Task<SandboxId?> Choose(int which) => await Known() is { Count: > 0 } known ? known.OrderBy(id => id.Value, StringComparer.Ordinal).ElementAt(which % known.Count) : null;

    protected enum Signal
    {
        Kill,
        Stop,
        Cont,
    }
}
