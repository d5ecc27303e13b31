using System.Security.Cryptography;
using Bots.Engine.Forges;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.GitHub;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Tests.GitHub;

/// <summary>The kit as the service puts it together, against a stub.</summary>
public sealed class GitHubKit : IAsyncDisposable
{
    public const string Secret = "s3cret";

    private readonly ServiceProvider _services;

    private GitHubKit(StubGitHub stub, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        Stub = stub;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["GitHub:ApiUrl"] = stub.Url.ToString(), ["GitHub:WebhookSecret"] = Secret })
            .AddInMemoryCollection(settings)
            .Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IInbox>(new ListInbox())
            .AddRates(Holds)
            .AddGitHub(configuration)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public MemoryHolds Holds { get; } = new();

    public static string PrivateKey { get; } = NewKey();

    public StubGitHub Stub { get; }

    public ManualTime Time { get; } = new(ManualTime.Noon);

    public IForge Forge => _services.GetRequiredService<IForge>();

    public ISurface Surface => _services.GetRequiredService<ISurface>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public IDeliveryReader Reader => _services.GetRequiredService<IDeliveryReader>();

    public GitHubClient Client => _services.GetRequiredService<GitHubClient>();

    public GitHubTokens Tokens => _services.GetRequiredService<GitHubTokens>();

    public static async Task<GitHubKit> WithToken(params (string Key, string Value)[] more) =>
        new(await StubGitHub.Start(), [new("GitHub:Token", "ghp_plain"), .. more.Select(m => new KeyValuePair<string, string?>(m.Key, m.Value))]);

    public static async Task<GitHubKit> WithApp(params (string Key, string Value)[] more)
    {
        var stub = (await StubGitHub.Start()).WithApp(ManualTime.Noon.AddHours(1));
        return new(stub, [new("GitHub:AppId", "7"), new("GitHub:PrivateKey", PrivateKey), .. more.Select(m => new KeyValuePair<string, string?>(m.Key, m.Value))]);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Stub.DisposeAsync();
    }

    private static string NewKey()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportRSAPrivateKeyPem();
    }
}

/// <summary>An inbox in memory that knows deliveries by id.</summary>
public sealed class ListInbox : IInbox
{
    public List<Delivery> Deliveries { get; } = [];

    public Task<bool> Append(Delivery delivery, CancellationToken cancellation)
    {
        lock (Deliveries)
        {
            if (Deliveries.Any(d => d.Id == delivery.Id)) return Task.FromResult(false);
            Deliveries.Add(delivery);
            return Task.FromResult(true);
        }
    }
}
