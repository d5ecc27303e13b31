using System.Text.Json;
using Bots.Configuration;
using Bots.Engine.Storage;
using Bots.Sandbox;
using Bots.Sandbox.Bubblewrap;
using Bots.Sandbox.Docker;
using Bots.Simulators.GitHub;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.Models;
using Bots.Simulators.Slack;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Tests.EndToEnd;

/// <summary>The whole service as it is installed, between a simulated Slack, GitHub and model; agent, sandbox and git are the real ones.</summary>
public sealed class Installation : IAsyncDisposable
{
    public const string Calculator = "acme/calculator";
    public const string Ana = "U0ANA00000";
    public const string Ben = "U0BEN00000";
    public const string Guest = "U0GUEST000";
    public const string Channel = "C0CALC0000";
    public const string ForgeSecret = "planted-webhook-secret-0000";
    public const string ModelKey = "sk-planted-provider-key-0000";

    /// <summary>Generous: the machine may be busy. It is no part of any expectation.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-");

    private Installation()
    {
    }

    public SlackSimulator Slack { get; private set; } = null!;

    public GitHubSimulator GitHub { get; private set; } = null!;

    public ModelSimulator Models { get; private set; } = null!;

    /// <summary>The running service; null while it is stopped, or runs as a process of its own.</summary>
    public WebApplication? Service { get; private set; }

    public string DataDirectory => Settings.GetValueOrDefault("Bots:DataDirectory") ?? Path.Combine(_directory.FullName, "data");

    public Uri Url { get; private set; } = null!;

    public IStore Store => Service!.Services.GetRequiredService<IStore>();

    /// <summary>Everybody's clock.</summary>
    public ShiftedClock Clock { get; } = new();

    /// <summary>Settings on top of those every installation has.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Puts doubles into the service, in the place of what reaches beyond this machine.</summary>
    public Action<IServiceCollection> Replace { get; set; } = _ => { };

    public static async Task<Installation> Start(params IReadOnlyList<ModelScript> scripts)
    {
        var world = await Prepare(scripts);
        await world.StartService();
        return world;
    }

    /// <summary>Everything around the service, with the service not started.</summary>
    public static async Task<Installation> Prepare(params IReadOnlyList<ModelScript> scripts)
    {
        var world = new Installation();
        world.Slack = await SlackSimulator.Start(SlackOptions() with { TimeProvider = world.Clock });
        world.GitHub = await GitHubSimulator.Start(new GitHubSimulatorOptions
        {
            DataDirectory = Path.Combine(world._directory.FullName, "github"), WebhookSecret = ForgeSecret, Time = world.Clock,
        });
        world.Models = await ModelSimulator.Start(new ModelSimulatorOptions { ApiKey = ModelKey, Scripts = scripts });
        await world.GitHub.CreateRepository("acme", "calculator", Sample.Files, false, "Adds numbers");
        world.GitHub.SetPermission(Calculator, "ana", Role.Write);
        world.Url = new Uri($"http://127.0.0.1:{FreePort()}/");
        world.PointWebhooks();
        return world;
    }

    public async Task StartService()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(Configuration());
        builder.Logging.ClearProviders().AddProvider(new TestLog(TestContext.Current.TestOutputHelper));
        builder.AddBots();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        Replace(builder.Services);
        Service = builder.Build();
        var problems = new StringWriter();
        if (!ConfigurationReport.IsSound(Service.Services, problems)) throw new InvalidOperationException(problems.ToString());
        Service.UseBots();
        await Service.StartAsync();
    }

    public async Task StopService()
    {
        if (Service is not { } service) return;
        Service = null;
        await service.StopAsync();
        await service.DisposeAsync();
    }

    /// <summary>As environment of a process, or as configuration in this one.</summary>
    public Dictionary<string, string?> Configuration()
    {
        var all = Defaults();
        foreach (var (key, value) in Settings) all[key] = value;
        return all;
    }

    private Dictionary<string, string?> Defaults() => new()
    {
        ["Urls"] = Url.ToString().TrimEnd('/'),
        ["Bots:DataDirectory"] = DataDirectory,
        ["Slack:BotToken"] = Slack.Options.BotToken,
        ["Slack:SigningSecret"] = Slack.Options.SigningSecret,
        ["Slack:ApiUrl"] = Slack.ApiUrl.ToString(),
        ["GitHub:AppId"] = $"{GitHub.Options.AppId}",
        ["GitHub:PrivateKey"] = GitHub.PrivateKey,
        ["GitHub:WebhookSecret"] = ForgeSecret,
        ["GitHub:ApiUrl"] = GitHub.ApiUrl.ToString(),
        ["GitHub:WebUrl"] = GitHub.WebUrl.ToString(),
        ["Models:Providers:simulated:BaseUrl"] = Models.VersionedUrl.ToString(),
        ["Models:Providers:simulated:ApiKey"] = ModelKey,
        ["Models:Providers:simulated:Kind"] = "OpenAI",
        ["Models:Default"] = "simulated/scripted",
        ["Models:Prices:simulated/scripted:Input"] = "3",
        ["Models:Prices:simulated/scripted:Output"] = "15",
        ["Agents:Directory"] = Path.Combine(Root, "manifests", "agents"),
    };

    /// <summary>Mentions the bot.</summary>
    public Task<string> Mention(string text, string? thread = null, string user = Ana) => Slack.Say(user, Channel, $"<@{Slack.Options.BotUserId}> {text}", thread);

    /// <summary>The message of the bot with a button that can be clicked, once it is there.</summary>
    public Task<SlackMessage> Button(string action) => Slack.WaitFor(Channel, m => HasButton(m, action), Patience);

    /// <summary>Approves whatever is asked until the bot says something.</summary>
    public async Task ApproveUntil(string text)
    {
        while (true)
        {
            var next = await Slack.WaitFor(Channel, m => m.User == Slack.Options.BotUserId && (HasButton(m, "approve_once") || Shown(m).Contains(text, StringComparison.OrdinalIgnoreCase)), Patience);
            if (!HasButton(next, "approve_once")) return;
            await Slack.Click(Ben, Channel, next.Ts, "approve_once");
            await Slack.WaitForState(() => !HasButton(Slack.Message(Channel, next.Ts)!, "approve_once"), Patience);
        }
    }

    public Task<SlackMessage> Says(string text) =>
        Slack.WaitFor(Channel, m => m.User == Slack.Options.BotUserId && Shown(m).Contains(text, StringComparison.OrdinalIgnoreCase), Patience);

    /// <summary>The bot's comment that shows a text.</summary>
    public Task<Comment> Comments(int number, string text) =>
        GitHub.WaitForComment(Calculator, number, c => c.Author.Login == GitHub.Bot.Login && c.Body.Contains(text, StringComparison.OrdinalIgnoreCase), Patience);

    public static bool HasButton(SlackMessage message, string action) =>
        message.Blocks is { } blocks && Values(blocks, "action_id").Contains(action, StringComparer.Ordinal);

    /// <summary>All that people read in a message.</summary>
    public static string Shown(SlackMessage message) =>
        message.Blocks is { } blocks ? string.Join('\n', Values(blocks, "text").Concat(Values(blocks, "url"))) : message.Text;

    private static IEnumerable<string> Values(JsonElement element, string property) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p =>
            p.NameEquals(property) && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : Values(p.Value, property)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Values(e, property)),
        _ => [],
    };

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopService();
            await StopSandboxes();
        }
        finally
        {
            await Models.DisposeAsync();
            await GitHub.DisposeAsync();
            await Slack.DisposeAsync();
            _directory.Delete(recursive: true);
        }
    }

    public static string Root { get; } = FindRoot();

    /// <summary>A sandbox in the middle of a turn outlives its service on purpose; the test ends it.</summary>
    private async Task StopSandboxes()
    {
        var options = new BubblewrapOptions { StateDirectory = Path.Combine(DataDirectory, "sandboxes"), ControlDirectory = Path.Combine(DataDirectory, "control") };
        var provider = new BubblewrapProvider(options, TimeProvider.System, NullLogger<BubblewrapProvider>.Instance);
        await Stop(provider);
        if (Settings.GetValueOrDefault("Sandbox:Docker:Socket") is not { } socket) return;

        using var docker = new DockerProvider(
            new DockerOptions { Socket = socket, Instance = DataDirectory, ControlDirectory = options.ControlDirectory }, TimeProvider.System, NullLogger<DockerProvider>.Instance);
        await Stop(docker);

        static async Task Stop(ISandboxProvider provider)
        {
            foreach (var sandbox in await provider.List(CancellationToken.None)) await provider.Stop(sandbox.Id, CancellationToken.None);
        }
    }

    private void PointWebhooks()
    {
        Slack.EventsUrl = new Uri(Url, "webhooks/slack/events");
        Slack.InteractivityUrl = new Uri(Url, "webhooks/slack/interactivity");
        GitHub.WebhookUrl = new Uri(Url, "webhooks/github");
    }

    private static SlackSimulatorOptions SlackOptions() => new()
    {
        SigningSecret = "planted-signing-secret-000000000",
        BotToken = "xoxb-planted-bot-token",
        Users =
        [
            new() { Id = Ana, Name = "ana", RealName = "Ana", Email = "ana@example.com" },
            new() { Id = Ben, Name = "ben", RealName = "Ben", Email = "ben@example.com" },
            new() { Id = Guest, Name = "guest", RealName = "Guest", IsRestricted = true },
        ],
        Channels = [new() { Id = Channel, Name = "calc", Members = [Ana, Ben, Guest, "U0BOTUSER0"] }],
    };

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Bots.sln"))) directory = directory.Parent ?? throw new InvalidOperationException("The repository's root was not found.");
        return directory.FullName;
    }
}
