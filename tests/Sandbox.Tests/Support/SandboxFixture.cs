using Bots.Sandbox.Sidecars;

namespace Bots.Sandbox.Tests.Support;

/// <summary>Makes the provider under test, and one more as a restarted service would.</summary>
internal interface IProviderUnderTest
{
    ISandboxProvider Create(string stateDirectory, string controlDirectory);

    /// <summary>What the provider itself still remembers of sandboxes; nothing once all are stopped.</summary>
    Task<IReadOnlyList<string>> Left(string stateDirectory);
}

/// <summary>A control plane, a provider and the sandboxes started with it, in a folder of their own; all gone afterwards.</summary>
internal sealed class SandboxFixture(IProviderUnderTest under, TimeProvider? registryTime = null) : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    readonly string _root = Directory.CreateTempSubdirectory("bots-").FullName;
    readonly List<SandboxId> _started = [];
    ControlPlane? _plane;

    public StrictRegistry Registry { get; } = new(registryTime);

    public ISandboxProvider Provider => field ??= NewProvider();

    public ControlPlane Plane => _plane.ShouldNotBeNull();

    public SidecarHub Hub => Plane.Hub;

    public string Control => Folder("run");

    public string State => Path.Combine(_root, "state");

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    public ISandboxProvider NewProvider() => under.Create(State, Control);

    public async Task StartService(TimeProvider? time = null) => _plane = await ControlPlane.Start(Control, Registry, time);

    public async Task StopService() => await Plane.DisposeAsync();

    public SandboxSpec Spec() => Spec(SandboxId.New());

    public SandboxSpec Spec(SandboxId id)
    {
        _started.Add(id);
        return new SandboxSpec
        {
            Id = id,
            Workspace = Folder($"{id}/workspace"),
            Home = Folder($"{id}/home"),
            ControlDirectory = Control,
            RegistrationToken = Registry.Issue(id),
            Labels = new Dictionary<string, string> { ["bots.sandbox"] = id.Value, ["bots.instance"] = "test" },
        };
    }

    /// <summary>Starts a sandbox and waits until it has connected.</summary>
    public async Task<ISandboxConnection> Start(SandboxSpec? spec = null)
    {
        if (_plane is null) await StartService();
        spec ??= Spec();
        await Provider.Start(spec, TestContext.Current.CancellationToken);
        return await Connected(spec.Id);
    }

    public Task<ISandboxConnection> Connected(SandboxId sandbox) => Hub.Connected(sandbox, Patience, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var sandbox in _started) await Provider.Stop(sandbox, CancellationToken.None);
        if (_plane is not null) await _plane.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
