using System.Security.Cryptography;
using Bots.Simulators.GitHub.Faults;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Operations;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.Rest;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.GitHub.Webhooks;
using Microsoft.AspNetCore.Builder;

namespace Bots.Simulators.GitHub;

/// <summary>
/// A GitHub of our own on 127.0.0.1: REST API under <see cref="ApiUrl"/>, pages and git under <see cref="WebUrl"/>,
/// webhooks to <see cref="WebhookUrl"/>. It is as strict as the original, and keeps real bare repositories.
/// </summary>
public sealed partial class GitHubSimulator : IAsyncDisposable
{
    /// <summary>One key for all simulators of a process: making it costs more than all else of a start.</summary>
    private static readonly Lazy<string> GeneratedKey = new(() =>
    {
        using var key = RSA.Create(2048);
        return key.ExportRSAPrivateKeyPem();
    });

    private readonly World _world;
    private readonly Renderer _render;
    private readonly WebhookQueue _webhooks;
    private readonly FaultPlan _faults = new();
    private readonly CallLog _calls;
    private readonly Discussion _discussion;
    private readonly PushOperations _pushes;
    private readonly PullHeads _heads;
    private readonly PullOperations _pulls;
    private readonly CheckOperations _checks;
    private readonly InstallationOperations _installations;
    private readonly Comparisons _comparisons = new();
    private readonly RSA _key;
    private readonly string _data;
    private WebApplication? _host;
    private long _lastAccountId = 2_000_000;

    private GitHubSimulator(GitHubSimulatorOptions options)
    {
        _world = new World(options);
        _render = new Renderer(_world);
        _webhooks = new WebhookQueue(_world);
        _calls = new CallLog(_world);
        var events = new Events(_world, _render, _webhooks);
        _discussion = new Discussion(_world, events);
        _heads = new PullHeads(_world, events, _comparisons);
        _pushes = new PushOperations(_world, _render, events, _heads);
        _pulls = new PullOperations(_world, events, _comparisons, _heads, _pushes);
        _checks = new CheckOperations(_world, events);
        _installations = new InstallationOperations(_world, events);
        if (options.PublicKey is null) PrivateKey = GeneratedKey.Value;
        _key = RSA.Create();
        _key.ImportFromPem(options.PublicKey ?? PrivateKey);
        _data = options.DataDirectory is { } directory
            ? Directory.CreateDirectory(directory).FullName
            : Directory.CreateTempSubdirectory("github-simulator-").FullName;
        foreach (var user in options.Users) _world.Accounts[user.Login] = user;
        _world.Accounts[_world.Bot.Login] = _world.Bot;
        if (options.Token is not null) Account(options.TokenLogin, AccountType.User);
    }

    /// <summary>Base of the REST API, with a slash at the end: <c>http://127.0.0.1:PORT/api/v3/</c>, as on GitHub Enterprise Server.</summary>
    public Uri ApiUrl => _world.ApiUrl;

    /// <summary>Base of pages and clone URLs, with a slash at the end.</summary>
    public Uri WebUrl => _world.WebUrl;

    /// <summary>The app's private key as GitHub hands it out (PEM, PKCS#1); null when <see cref="GitHubSimulatorOptions.PublicKey"/> was given.</summary>
    public string? PrivateKey { get; }

    public GitHubSimulatorOptions Options => _world.Options;

    /// <summary>The app's bot user, <c>slug[bot]</c>.</summary>
    public Account Bot => _world.Bot;

    /// <summary>Where webhooks go; null sends nothing.</summary>
    public Uri? WebhookUrl
    {
        get => _webhooks.Url;
        set => _webhooks.Url = value;
    }

    /// <summary>Webhooks are late: none is sent before <paramref name="release"/> is done.</summary>
    public void HoldWebhooks(Task release) => _webhooks.Held = release;

    public static async Task<GitHubSimulator> Start(GitHubSimulatorOptions options)
    {
        var simulator = new GitHubSimulator(options);
        try
        {
            await simulator.Listen();
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _webhooks.DisposeAsync();
        await _stopping.CancelAsync();
        if (_host is not null) await SimulatorHost.Stop(_host, patience: TimeSpan.FromSeconds(2));
        _stopping.Dispose();
        _key.Dispose();
        if (Options.DataDirectory is null) Directory.Delete(_data, recursive: true);
    }

    /// <summary>Lets the next calls that match fail.</summary>
    /// <param name="pattern">Method and path below the API's base, or below the web host for git: <c>POST /repos/*/*/issues/*/comments</c>, <c>POST /*/*/git-receive-pack</c>. <c>*</c> is one segment or any method, <c>**</c> any rest.</param>
    public void Fail(string pattern, Fault fault, int times = 1) => _faults.Add(pattern, fault, times);
}
