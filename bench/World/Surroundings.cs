using Bots.Engine.Sandboxes;
using Bots.Sandbox.Bubblewrap;
using Bots.Simulators.GitHub;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.Models;
using Bots.Simulators.Slack;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Bench.World;

/// <summary>A simulated Slack, GitHub and model with a data folder of its own, and the service between them, as a process.</summary>
public sealed class Surroundings : IAsyncDisposable
{
    public const string Repository = "acme/calculator";
    public const string Ana = "U0ANA00000";
    public const string Channel = "C0CALC0000";
    public const string ForgeSecret = "bench-webhook-secret-0000";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-bench-");

    private Dictionary<string, string> _configuration = [];

    private Surroundings()
    {
    }

    public SlackSimulator Slack { get; private set; } = null!;

    public GitHubSimulator GitHub { get; private set; } = null!;

    public ModelSimulator Models { get; private set; } = null!;

    public ServiceProcess Service { get; private set; } = null!;

    public SandboxPaths Paths => new(Path.Combine(_directory.FullName, "data"));

    public StoreView Store => new(Paths.Database);

    /// <summary>Starts all of it; the service answers when this returns.</summary>
    /// <param name="settings">In place of, or on top of, those every benchmark has.</param>
    /// <param name="before">Makes the database as it should be found.</param>
    public static async Task<Surroundings> Start(IReadOnlyDictionary<string, string>? settings = null, Func<string, Task>? before = null)
    {
        var world = new Surroundings();
        try
        {
            world.Slack = await SlackSimulator.Start(SlackSettings());
            world.GitHub = await GitHubSimulator.Start(new GitHubSimulatorOptions
            {
                DataDirectory = Path.Combine(world._directory.FullName, "github"), WebhookSecret = ForgeSecret,
            });
            world.Models = await ModelSimulator.Start(new ModelSimulatorOptions());
            await world.GitHub.CreateRepository("acme", "calculator", new Dictionary<string, string> { ["README.md"] = "# Calculator\n" }, false, "Adds numbers");
            world.GitHub.SetPermission(Repository, "ana", Role.Write);
            world._configuration = world.Configuration(settings ?? new Dictionary<string, string>());
            if (before is not null)
            {
                Directory.CreateDirectory(world.Paths.DataDirectory);
                await before(world.Paths.Database);
            }

            await world.StartService();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the service and starts it again.</summary>
    /// <returns>From its start until it answered that it is ready.</returns>
    public async Task<TimeSpan> Restart()
    {
        await Service.DisposeAsync();
        var begun = TimeProvider.System.GetTimestamp();
        await StartService();
        return TimeProvider.System.GetElapsedTime(begun);
    }

    private async Task StartService()
    {
        Service = await ServiceProcess.Start(_configuration, Path.Combine(_directory.FullName, "service.log"));
        Slack.EventsUrl = new Uri(Service.Url, "webhooks/slack/events");
    }

    /// <summary>Ends the sandboxes the service has started: they outlive it on purpose.</summary>
    public async Task StopSandboxes()
    {
        var options = new BubblewrapOptions { StateDirectory = Path.Combine(Paths.DataDirectory, "sandboxes"), ControlDirectory = Paths.ControlDirectory };
        var provider = new BubblewrapProvider(options, TimeProvider.System, NullLogger<BubblewrapProvider>.Instance);
        foreach (var sandbox in await provider.List(CancellationToken.None)) await provider.Stop(sandbox.Id, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null) await Service.DisposeAsync();
        await StopSandboxes();
        if (Models is not null) await Models.DisposeAsync();
        if (GitHub is not null) await GitHub.DisposeAsync();
        if (Slack is not null) await Slack.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    /// <summary>
    /// Everything that is not named here is the service's default. The agent is a program that ends at once: what an agent costs is
    /// not measured here.
    /// </summary>
    private Dictionary<string, string> Configuration(IReadOnlyDictionary<string, string> settings) => new(settings.Concat(Defaults().Where(d => !settings.ContainsKey(d.Key))));

    private Dictionary<string, string> Defaults() => new()
    {
        ["Bots:DataDirectory"] = Paths.DataDirectory,
        ["Slack:BotToken"] = Slack.Options.BotToken,
        ["Slack:SigningSecret"] = Slack.Options.SigningSecret,
        ["Slack:ApiUrl"] = Slack.ApiUrl.ToString(),
        // What is looked at here is something else; the simulators ask for no patience by themselves.
        ["Slack:LimitFactor"] = "1000",
        ["GitHub:LimitFactor"] = "1000",
        ["GitHub:AppId"] = $"{GitHub.Options.AppId}",
        ["GitHub:PrivateKey"] = GitHub.PrivateKey!,
        ["GitHub:WebhookSecret"] = ForgeSecret,
        ["GitHub:ApiUrl"] = GitHub.ApiUrl.ToString(),
        ["GitHub:WebUrl"] = GitHub.WebUrl.ToString(),
        ["Models:Providers:simulated:BaseUrl"] = Models.VersionedUrl.ToString(),
        ["Models:Providers:simulated:ApiKey"] = Models.ApiKey,
        ["Models:Providers:simulated:Kind"] = "OpenAI",
        ["Models:Default"] = "simulated/scripted",
        ["Agents:Directory"] = Path.Combine(Programs.Root, "manifests", "agents"),
        ["Agents:Default"] = "none",
        ["Agents:none:Command"] = "/bin/false",
    };

    private static SlackSimulatorOptions SlackSettings() => new()
    {
        Users = [new() { Id = Ana, Name = "ana", RealName = "Ana", Email = "ana@example.com" }],
        Channels = [new() { Id = Channel, Name = "calc", Members = [Ana, "U0BOTUSER0"] }],
    };
}
