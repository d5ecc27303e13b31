using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Slack;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Tests.Slack;

/// <summary>The kit as the service registers it, on a stub of Slack.</summary>
internal sealed class SlackKit
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 22, 15, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;

    public SlackKit(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(Time).AddSingleton<IInbox>(Inbox).AddRates(Holds);
        services.AddSlack(Configuration(settings));
        services.AddHttpClient("slack").ConfigurePrimaryHttpMessageHandler(() => Slack);
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
    }

    public MemoryHolds Holds { get; } = new();

    public StubSlack Slack { get; } = new();

    public ManualTime Time { get; } = new(Start);

    public MemoryInbox Inbox { get; } = new();

    public ISurface Surface => _services.GetRequiredService<ISurface>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public IDeliveryReader Reader => _services.GetRequiredService<IDeliveryReader>();

    public static IConfiguration Configuration(params (string Key, string Value)[] settings)
    {
        (string Key, string Value)[] defaults = [("Slack:BotToken", StubSlack.Token), ("Slack:SigningSecret", "shhh"), ("Slack:ApiUrl", "https://slack.test/api")];
        return new ConfigurationBuilder()
            .AddInMemoryCollection(defaults.Concat(settings).Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)).GroupBy(p => p.Key).Select(g => g.Last()))
            .Build();
    }

    public async Task<Inbound> Read(string kind, byte[] body) =>
        (await Reader.Read(new Delivery { Surface = "slack", Id = "Ev1", Kind = kind, Body = body, ReceivedAt = Start }, CancellationToken.None)).ShouldHaveSingleItem();
}

internal sealed class MemoryInbox : IInbox
{
    public List<Delivery> Deliveries { get; } = [];

    public Exception? Failure { get; set; }

    public Task<bool> Append(Delivery delivery, CancellationToken cancellation)
    {
        if (Failure is not null) throw Failure;
        if (Deliveries.Any(d => d.Id == delivery.Id || (d.HappeningKey is not null && d.HappeningKey == delivery.HappeningKey))) return Task.FromResult(false);
        Deliveries.Add(delivery);
        return Task.FromResult(true);
    }
}
