using System.Data;
using Bots.Engine.Agents;
using Bots.Engine.Forges;
using Bots.Engine.Gateway;
using Bots.Engine.Intake;
using Bots.Engine.Models;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Tests.World;

/// <summary>How one life of the engine ends.</summary>
public enum Ending
{
    /// <summary>As by SIGTERM.</summary>
    Stop,

    /// <summary>As by SIGKILL.</summary>
    Crash,
}

/// <summary>The whole engine over a real store, with a surface, a forge and agents that the test plays. It can be restarted, or crash, at any point.</summary>
public sealed class EngineWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = TestDirectory.Create();
    private readonly Pulse _pulse = new();
    private ServiceProvider _services = null!;
    private FencedStore _store = null!;
    private FencedClock _clock = null!;
    private int _deliveries;

    public static readonly Person Ana = new("fake", "ana", "Ana");
    public static readonly Person Ben = new("fake", "ben", "Ben");

    public EngineWorld()
    {
        Clock = new ManualTimeProvider(_pulse);
        Surface = new FakeSurface(_pulse);
        Sandboxes = new FakeSandboxes(_pulse);
        Reader = new FakeReader(_pulse);
        Forge = new FakeForge(_pulse);
    }

    public ManualTimeProvider Clock { get; }

    public FakeSurface Surface { get; }

    public FakeSandboxes Sandboxes { get; }

    public FakeReader Reader { get; }

    public FakeForge Forge { get; }

    public SchedulerOptions Scheduler { get; init; } = new();

    public PermissionsOptions Permissions { get; set; } = new();

    /// <summary>How long an agent may say nothing.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(10);

    public ModelsOptions Models { get; init; } = new() { Default = "test/model" };

    /// <summary>By default nothing is prepared by itself.</summary>
    public SandboxOptions Sandbox { get; init; } = new() { PrepareEvery = TimeSpan.Zero };

    public NetworkOptions Network { get; init; } = new();

    /// <summary>Asked before each write: an exception fails it.</summary>
    public Func<StoreException?> StoreFailing { get; set; } = () => null;

    /// <summary>The engine's present life.</summary>
    public Fence Life { get; private set; } = new();

    public IStore Store => _store;

    public SessionLog Log => Get<SessionLog>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<EngineWorld> Start(int? lastStep = null)
    {
        Life = new Fence(lastStep);
        _clock = new FencedClock(Clock, Life);
        _store = new FencedStore(Path.Combine(_directory.FullName, "bots.db"), Life, _pulse) { Failure = () => StoreFailing() };
        var services = new ServiceCollection();
        services.AddLogging(log => log.AddProvider(new TestLog(TestContext.Current.TestOutputHelper, Life)));
        services.AddSingleton<TimeProvider>(_clock);
        services.AddSingleton(new SandboxPaths(_directory.FullName)).AddSingleton(new Instance("test")).AddSingleton(new Bots.Sandbox.ResourceLimits());
        services.AddSingleton(Scheduler).AddSingleton(Permissions).AddSingleton(Network).AddSingleton(Sandbox).AddSingleton(new Bots.Engine.Retention.RetentionOptions());
        services.AddSingleton(Models).AddSingleton(new ModelProviders(Models)).AddSingleton(new PriceTable(Models.Prices)).AddSingleton<ModelNames>();
        services.AddSingleton(new AgentsOptions { Directory = "/opt", SilenceTimeout = Silence, Entries = new Dictionary<string, AgentEntry> { ["opencode"] = new() { Command = "opencode" } } });
        services.AddSingleton<ISurface>(new FencedSurface(Surface, Life)).AddSingleton<IDeliveryReader>(new FencedReader(Reader, Life)).AddSingleton<IForge>(new FencedForge(Forge, Life));
        services.AddSingleton<IReadOnlyList<KnownRepository>>([]);
        services.AddEngine();
        var sandboxes = new FencedSandboxes(Sandboxes, Life);
        services.AddSingleton<ISandboxProvider>(sandboxes).AddSingleton<ISandboxConnections>(sandboxes).AddSingleton<IStore>(_ => _store);
        _services = services.BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>()) await service.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Ends the engine and starts it anew on the same store; the sandboxes stay.</summary>
    public async Task Restart(Ending ending = Ending.Stop)
    {
        await End(ending);
        await Start();
    }

    public async Task End(Ending ending)
    {
        if (ending == Ending.Crash) Crash();
        else await Stop().Within("the engine's end");
    }

    /// <summary>Ends the engine without its knowing. Nothing it still does has any effect.</summary>
    public void Crash()
    {
        Life.Kill();
        _store.Dispose();
        _clock.Stop();
    }

    /// <summary>Lets the engine crash right after the first commit for which something is true, and waits for that.</summary>
    public async Task CrashOnce(Func<IDbConnection, bool> committed, Func<Task> meanwhile)
    {
        Life.Doom = committed;
        await meanwhile();
        await Life.Died.Within("the crash");
        Crash();
    }

    /// <summary>Waits until something is true of what the engine shows, says or stores.</summary>
    public Task Until(Func<bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? what = null) => _pulse.Until(condition, what);

    /// <summary>Lets time pass until something has happened: a step whenever somebody waits for a step.</summary>
    public async Task Pass(TimeSpan step, Task until)
    {
        while (!until.IsCompleted)
        {
            await Task.WhenAny(until, Clock.Armed(step));
            if (!until.IsCompleted) Clock.Advance(step);
        }

        await until;
    }

    /// <summary>As above, looked at before each step: however late the test gets its turn, no more time passes than was needed.</summary>
    public async Task Pass(TimeSpan step, Func<bool> until)
    {
        while (true)
        {
            await Until(() => until() || Clock.IsArmed(step));
            if (until()) return;
            Clock.Advance(step);
        }
    }

    /// <summary>Waits until the log of a conversation's session tells of something.</summary>
    public Task Logged<T>(string conversation = "c1")
        where T : SessionEvent => Until(() => Events(conversation).OfType<T>().Any(), $"a {typeof(T).Name} in the log");

    /// <summary>Hands in what a surface would have read, as a delivery of its own.</summary>
    public Task<bool> Receive(Inbound inbound, string? id = null, string? happening = null) => Get<IInbox>().Append(new Delivery
    {
        Surface = "fake", Id = id ?? $"d{Interlocked.Increment(ref _deliveries)}", HappeningKey = happening, Kind = inbound.GetType().Name,
        ReceivedAt = Clock.GetUtcNow(), Body = FakeReader.Write(inbound),
    }, TestContext.Current.CancellationToken);

    /// <summary>Waits until a delivery is over and done with.</summary>
    /// <returns>What was done.</returns>
    public async Task<string?> Taken(string id)
    {
        (string? State, string? Note) row = default;
        await Until(() => (row = Store.Read(db => db.QueryFirstOrDefault<(string?, string?)>("SELECT state, note FROM deliveries WHERE delivery_id = @id", new { id }))).State is "done" or "parked", $"the end of delivery {id}");
        return row.Note;
    }

    public static Inbound.PromptRequest Request(string text, string conversation = "c1", Person? author = null) =>
        new() { Conversation = Key(conversation), Author = author ?? Ana, Text = text, Message = "m" };

    public Task<bool> Ask(string text, string conversation = "c1", Person? author = null) => Receive(Request(text, conversation, author));

    public Task<bool> Answer(PermissionDecision decision, string? reason = null, PermissionId? permission = null, string conversation = "c1", Person? by = null) =>
        Receive(new Inbound.PermissionAnswer { Conversation = Key(conversation), By = by ?? Ben, Permission = permission, Decision = decision, Reason = reason });

    public Task<bool> Stop(string conversation) => Receive(new Inbound.StopRequest(Key(conversation), null, Ben));

    public static ConversationKey Key(string conversation) => new("fake", conversation);

    /// <summary>The session of a conversation; null while it has none.</summary>
    public SessionId? Session(string conversation = "c1") => Store.Read(db => SessionStore.Find(db, Key(conversation)))?.Session;

    /// <summary>The session of a conversation as its log tells it.</summary>
    public SessionView View(string conversation = "c1") => Log.View(Session(conversation)!.Value);

    public IReadOnlyList<SessionEvent> Events(string conversation = "c1") =>
        Session(conversation) is { } session ? [.. Log.Read(session, 0).Select(logged => logged.Event)] : [];

    public async Task Stop()
    {
        foreach (var service in _services.GetServices<IHostedService>().Reverse()) await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Life.IsDead) Crash();
        else await Stop().Within("the engine's end");
        _directory.Delete(recursive: true);
    }
}
