using System.Text;
using System.Text.Json;
using Bots.Engine.Agents;
using Bots.Engine.Forges;
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
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Tests.World;

/// <summary>The whole engine over a real store, with a surface, a forge and agents that the test plays. It can be restarted at any point.</summary>
public sealed class EngineWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-engine-");
    private ServiceProvider _services = null!;
    private int _deliveries;

    public static readonly Person Ana = new("fake", "ana", "Ana");
    public static readonly Person Ben = new("fake", "ben", "Ben");

    public ManualTimeProvider Clock { get; } = new();

    public FakeSurface Surface { get; } = new();

    public FakeSandboxes Sandboxes { get; } = new();

    public FakeForge Forge { get; } = new();

    public SchedulerOptions Scheduler { get; init; } = new();

    public IStore Store => _services.GetRequiredService<IStore>();

    public SessionLog Log => _services.GetRequiredService<SessionLog>();

    public async Task<EngineWorld> Start()
    {
        var services = new ServiceCollection();
        services.AddLogging(log => log.AddProvider(new TestLog(TestContext.Current.TestOutputHelper)));
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(new SandboxPaths(_directory.FullName)).AddSingleton(new Instance("test"));
        services.AddSingleton(Scheduler).AddSingleton(new PermissionsOptions()).AddSingleton(new SandboxOptions());
        var models = new ModelsOptions { Default = "test/model" };
        services.AddSingleton(models).AddSingleton(new ModelProviders(models)).AddSingleton(new PriceTable(new Dictionary<string, ModelPrice>()));
        services.AddSingleton(new AgentsOptions { Directory = "/opt", Entries = new Dictionary<string, AgentEntry> { ["opencode"] = new() { Command = "opencode" } } });
        services.AddSingleton<ISurface>(Surface).AddSingleton<IDeliveryReader>(new FakeReader()).AddSingleton<IForge>(Forge);
        services.AddEngine();
        services.AddSingleton<ISandboxProvider>(Sandboxes).AddSingleton<ISandboxConnections>(Sandboxes);
        _services = services.BuildServiceProvider();
        foreach (var service in _services.GetServices<IHostedService>()) await service.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Stops the engine and starts it anew on the same store; the sandboxes stay.</summary>
    public async Task Restart()
    {
        await Stop();
        await Start();
    }

    /// <summary>Hands in what a surface would have read, as a delivery of its own.</summary>
    public Task<bool> Receive(Inbound inbound, string? id = null) => _services.GetRequiredService<IInbox>().Append(new Delivery
    {
        Surface = "fake", Id = id ?? $"d{++_deliveries}", Kind = inbound.GetType().Name, ReceivedAt = Clock.GetUtcNow(), Body = FakeReader.Write(inbound),
    }, TestContext.Current.CancellationToken);

    public Task<bool> Ask(string text, string conversation = "c1", Person? author = null) => Receive(new Inbound.PromptRequest
    {
        Conversation = new ConversationKey("fake", conversation), Author = author ?? Ana, Text = text, Message = "m",
    });

    public Task<bool> Answer(PermissionDecision decision, string? reason = null, PermissionId? permission = null, string conversation = "c1", Person? by = null) =>
        Receive(new Inbound.PermissionAnswer
        {
            Conversation = new ConversationKey("fake", conversation), By = by ?? Ben, Permission = permission, Decision = decision, Reason = reason,
        });

    public Task<bool> Stop(string conversation) => Receive(new Inbound.StopRequest(new ConversationKey("fake", conversation), null, Ben));

    /// <summary>The session of a conversation as its log tells it.</summary>
    public SessionView View(string conversation = "c1") =>
        Log.View(Store.Read(db => SessionStore.Find(db, new ConversationKey("fake", conversation)))!.Value.Session);

    public async Task Stop()
    {
        foreach (var service in _services.GetServices<IHostedService>().Reverse()) await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _directory.Delete(recursive: true);
    }

    /// <summary>Deliveries of this surface hold what they mean.</summary>
    private sealed class FakeReader : IDeliveryReader
    {
        public string Surface => "fake";

        public static byte[] Write(Inbound inbound) => Encoding.UTF8.GetBytes($"{inbound.GetType().FullName}\n{JsonSerializer.Serialize(inbound, inbound.GetType(), EngineJson.Options)}");

        public Task<IReadOnlyList<Inbound>> Read(Delivery delivery, CancellationToken cancellation)
        {
            var parts = Encoding.UTF8.GetString(delivery.Body).Split('\n', 2);
            return Task.FromResult<IReadOnlyList<Inbound>>([(Inbound)JsonSerializer.Deserialize(parts[1], typeof(Inbound).Assembly.GetType(parts[0])!, EngineJson.Options)!]);
        }
    }
}
