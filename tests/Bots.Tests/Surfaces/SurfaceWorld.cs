using Bots.Engine;
using Bots.Engine.Agents;
using Bots.Engine.Intake;
using Bots.Engine.Models;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Tests.World;
using Bots.GitHub;
using Bots.Simulators.GitHub;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.Slack;
using Bots.Slack;
using Bots.Tests.EndToEnd;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using FakeTime = Bots.Engine.Tests.ManualTimeProvider;

namespace Bots.Tests.Surfaces;

/// <summary>What takes deliveries in and what shows sessions, over a real store, between a simulated Slack and GitHub that all have one clock; the test plays the turns.</summary>
internal sealed class SurfaceWorld : IAsyncDisposable
{
    public const string Channel = "C0CALC0000";
    public const string Ana = "U0ANA00000";
    public const string Calculator = "acme/calculator";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-rates-");
    private readonly Pulse _pulse = new();
    private ServiceProvider _services = null!;
    private IHostedService _loops = null!;

    private SurfaceWorld() => Clock = new FakeTime(_pulse);

    public FakeTime Clock { get; }

    public SlackSimulator Slack { get; private set; } = null!;

    public GitHubSimulator GitHub { get; private set; } = null!;

    public IStore Store => _services.GetRequiredService<IStore>();

    public SessionLog Log => _services.GetRequiredService<SessionLog>();

    public static async Task<SurfaceWorld> Start()
    {
        var world = new SurfaceWorld();
        world.Slack = await SlackSimulator.Start(new SlackSimulatorOptions
        {
            TimeProvider = world.Clock,
            RateLimits = new SlackRateLimits { Enforced = true, PostBurst = 10 },
            Users = [new() { Id = Ana, Name = "ana", RealName = "Ana" }],
            Channels = [new() { Id = Channel, Name = "calc", Members = [Ana, "U0BOTUSER0"] }],
        });
        world.GitHub = await GitHubSimulator.Start(new GitHubSimulatorOptions { DataDirectory = Path.Combine(world._directory.FullName, "github"), Time = world.Clock });
        await world.GitHub.CreateRepository("acme", "calculator", new Dictionary<string, string> { ["README.md"] = "Adds." }, false, "Adds numbers");
        world.GitHub.SetPermission(Calculator, "ana", Role.Write);
        await world.Begin();
        return world;
    }

    public async Task Restart()
    {
        await End();
        await Begin();
    }

    /// <summary>A mention, as it comes from Slack.</summary>
    /// <returns>Its ts.</returns>
    public async Task<string> Mention(string text)
    {
        var (ts, events) = Slack.SayQuietly(Ana, Channel, $"<@{Slack.Options.BotUserId}> {text}");
        await _services.GetRequiredService<IInbox>().Append(new Delivery
        {
            Surface = "slack", Id = events[0].Id, Kind = "event_callback", Body = System.Text.Encoding.UTF8.GetBytes(events[0].Body), ReceivedAt = Clock.GetUtcNow(),
        }, TestContext.Current.CancellationToken);
        return ts;
    }

    public ConversationKey Thread(string ts) => new("slack", $"{Slack.Options.TeamId}/{Channel}/{ts}");

    /// <summary>A session in a conversation, with a prompt that is being worked on.</summary>
    public Task<Work> Working(ConversationKey conversation) => Store.Write(write =>
    {
        var prompts = _services.GetRequiredService<PromptStore>();
        var session = _services.GetRequiredService<SessionStore>().Open(write, conversation, "opencode", null, new WorkTarget(RepositoryName.Parse(Calculator), "topic"));
        var prompt = prompts.Enqueue(write, session, new Inbound.PromptRequest { Conversation = conversation, Author = new Person(conversation.Surface, Ana, "Ana"), Text = "fix it" });
        prompts.Move(write, PromptStore.Get(write.Db, prompt)!, PromptState.Queued, PromptState.Running);
        return new Work(this, session, prompt);
    });

    public Task End(Work work) => Store.Write(write => _services.GetRequiredService<PromptStore>()
        .Move(write, PromptStore.Get(write.Db, work.Prompt)!, PromptState.Running, PromptState.Completed));

    /// <summary>Waits, without time passing, until something is so.</summary>
    public Task Until(Func<bool> reached) => Task.WhenAny(Slack.WaitForState(reached, Patience), GitHub.WaitFor(reached, Patience)).Unwrap();

    /// <summary>Waits, without time passing, until a session's log tells of something.</summary>
    public async Task Logged<T>(Work work)
        where T : SessionEvent
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await foreach (var logged in Log.Follow(work.Session, 0, patience.Token))
            if (logged.Event is T) return;
    }

    /// <summary>Lets time pass, from one moment at which somebody waits to the next, until something is so.</summary>
    public async Task PassUntil(Func<bool> reached)
    {
        var until = Until(reached);
        while (!reached())
        {
            await await Task.WhenAny(until, _pulse.Until(() => Clock.Next is not null));
            if (!reached() && Clock.Next is { } next) Clock.Advance(next);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        await Slack.DisposeAsync();
        await GitHub.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task Begin()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Slack:BotToken"] = Slack.Options.BotToken, ["Slack:SigningSecret"] = Slack.Options.SigningSecret, ["Slack:ApiUrl"] = Slack.ApiUrl.ToString(),
            ["GitHub:AppId"] = $"{GitHub.Options.AppId}", ["GitHub:PrivateKey"] = GitHub.PrivateKey, ["GitHub:WebhookSecret"] = "x",
            ["GitHub:ApiUrl"] = GitHub.ApiUrl.ToString(), ["GitHub:WebUrl"] = GitHub.WebUrl.ToString(),
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging(log => log.AddFilter("System.Net.Http", LogLevel.Warning).AddProvider(new TestLog(TestContext.Current.TestOutputHelper)));
        services.AddSingleton<TimeProvider>(Clock).AddSlack(configuration).AddGitHub(configuration).AddEngine();
        services.AddSingleton(new SandboxPaths(_directory.FullName)).AddSingleton(new SchedulerOptions { MaxPerUser = 1000 }).AddSingleton(new PermissionsOptions());
        services.AddSingleton(new AgentsOptions { Directory = "/opt", Entries = new Dictionary<string, AgentEntry> { ["opencode"] = new() { Command = "opencode" } } });
        services.AddSingleton(new ModelProviders(new ModelsOptions { Default = "test/model" })).AddSingleton<IWarmPool>(new ColdPool());
        var loops = services.Single(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name == "SurfaceLoops").ImplementationType!;
        _services = services.BuildServiceProvider();
        _loops = (IHostedService)ActivatorUtilities.CreateInstance(_services, loops);
        await _loops.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task End()
    {
        await _loops.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private sealed class ColdPool : IWarmPool
    {
        public void Hint(RepositoryName repository)
        {
            // Nothing runs here.
        }
    }
}

/// <summary>A turn that the test plays.</summary>
internal sealed record Work(SurfaceWorld World, SessionId Session, PromptId Prompt)
{
    public Task Say(string text) => World.Log.Append(Session, new SessionEvent.AgentText(Prompt, text), new SessionEvent.PlanChanged(Prompt, []));

    public Task Ask(string command) => World.Log.Append(Session, new SessionEvent.PermissionAsked(
        PermissionId.New(), Prompt, new ToolCall { Id = "1", Kind = "execute", Command = command }, World.Clock.GetUtcNow().AddMinutes(30)));

    public Task End() => World.End(this);
}
