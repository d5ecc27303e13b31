using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Bots.Engine.Sandboxes;
using Bots.Faults.Plan;
using Bots.Simulators.GitHub;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.Models;
using Bots.Simulators.Slack;

namespace Bots.Faults.World;

/// <summary>A simulated Slack, GitHub and model, and the service between them.</summary>
public sealed class Surroundings : IAsyncDisposable
{
    public const string Repository = "acme/calculator";
    public const string Channel = "C0CALC0000";

    /// <summary>Who comments on GitHub.</summary>
    public const string Commenter = "ana";

    private const string ForgeSecret = "faults-webhook-secret-0000";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-faults-");
    private readonly Uri _url = new($"http://127.0.0.1:{FreePort()}/");

    private Surroundings(string sandbox) => Sandboxes = RunSandboxes.Of(sandbox, Paths);

    public SlackSimulator Slack { get; private set; } = null!;

    public GitHubSimulator GitHub { get; private set; } = null!;

    public ModelSimulator Models { get; private set; } = null!;

    public Service Service { get; private set; } = null!;

    internal RunSandboxes Sandboxes { get; }

    public SandboxPaths Paths => new(Path.Combine(_directory.FullName, "data"));

    /// <summary>A folder on a disk that may be filled; null when there is none.</summary>
    public string? Disk { get; private set; }

    public string ServiceLog => Path.Combine(_directory.FullName, "service.log");

    /// <param name="sandbox">The provider of sandboxes.</param>
    /// <exception cref="CannotRunException">It does not work on this machine.</exception>
    public static async Task<Surroundings> Start(string sandbox = RunSandboxes.Default)
    {
        var world = new Surroundings(sandbox);
        if (await world.Sandboxes.Problem() is { } problem)
        {
            world._directory.Delete(recursive: true);
            throw new CannotRunException($"There can be no {sandbox} sandboxes: {problem.What} Mend it: {problem.Mend}");
        }

        if (PrivateDisk.IsPossible)
        {
            world.Disk = world.Paths.DataDirectory;
            await PrivateDisk.Mount(world.Disk);
        }

        world.Slack = await SlackSimulator.Start(SlackSettings());
        world.GitHub = await GitHubSimulator.Start(new GitHubSimulatorOptions
        {
            DataDirectory = Path.Combine(world._directory.FullName, "github"), WebhookSecret = ForgeSecret,
            // A run writes in minutes what people write in days.
            RateLimit = int.MaxValue, ContentCreationsPerMinute = int.MaxValue, ContentCreationsPerHour = int.MaxValue,
        });
        world.Models = await ModelSimulator.Start(new ModelSimulatorOptions());
        await world.GitHub.CreateRepository("acme", "calculator", new Dictionary<string, string> { ["README.md"] = "# Calculator\n" }, false, "Adds numbers");
        world.GitHub.SetPermission(Repository, Commenter, Role.Write);
        world.Slack.EventsUrl = new Uri(world._url, "webhooks/slack/events");
        world.Slack.InteractivityUrl = new Uri(world._url, "webhooks/slack/interactivity");
        world.GitHub.WebhookUrl = new Uri(world._url, "webhooks/github");
        world.Service = new Service(world.Settings(), world._url, world.ServiceLog);
        await world.Service.Start();
        return world;
    }

    /// <summary>Keeps the folder of a run that went wrong.</summary>
    public bool Keep { get; set; }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Sandboxes.StopAll();
        Sandboxes.Dispose();
        await Models.DisposeAsync();
        await GitHub.DisposeAsync();
        await Slack.DisposeAsync();
        if (Keep) await KeepData();
        if (Disk is { } disk) await Run("umount", "--lazy", disk);
        // An engine leaves folders that only rm gets rid of.
        if (!Keep) await Run("rm", "-rf", _directory.FullName);
    }

    /// <summary>Where the data is to be found when this process has ended: its disk ends with it.</summary>
    public string KeptData => Path.Combine(_directory.FullName, Disk is null ? "data" : "kept");

    private async Task KeepData()
    {
        if (Disk is not null) await Run("cp", "-a", Disk, KeptData);
    }

    private static async Task Run(string command, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync();
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["Urls"] = _url.ToString().TrimEnd('/'),
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
        ["Agents:Directory"] = Path.Combine(AppContext.BaseDirectory, "agent"),
        ["Agents:Default"] = "tiny",
        ["Agents:tiny:Command"] = "/opt/bots/agents/tiny.mjs",
        ["Agents:SilenceTimeout"] = "00:00:25",
        ["Sandbox:Provider"] = Sandboxes.Name,
        ["Sandbox:IdleTimeout"] = "00:00:10",
        ["Scheduler:MaxPerUser"] = "8",
    };

    private static SlackSimulatorOptions SlackSettings() => new()
    {
        Users = [.. RunPlan.People.Select(id => new SlackUser { Id = id, Name = Name(id), RealName = Name(id), Email = $"{Name(id)}@example.com" })],
        Channels = [new() { Id = Channel, Name = "calc", Members = [.. RunPlan.People, "U0BOTUSER0"] }],
    };

    private static string Name(string id) => id[2..].Trim('0').ToLowerInvariant();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
