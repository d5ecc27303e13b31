using System.Diagnostics.Metrics;
using Bots.Engine.Intake;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Bots.Schedules;
using Dapper;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Bots.Tests.Schedules;

/// <summary>A service of nothing but a store, an inbox and schedules. It can be stopped and started again on the same folder.</summary>
internal sealed class ScheduleHost : IAsyncDisposable
{
    /// <summary>A Monday, two hours before nine o'clock in Berlin.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-schedules-");
    private ServiceProvider? _services;

    public ManualTimeProvider Clock { get; init; } = new(Monday);

    public SandboxPaths Paths => new(_directory.FullName);

    public WatchedInbox Inbox => (WatchedInbox)Services.GetRequiredService<IInbox>();

    public IStore Store => Services.GetRequiredService<IStore>();

    public ISchedulerFactory Schedulers => Services.GetRequiredService<ISchedulerFactory>();

    private ServiceProvider Services => _services ?? throw new InvalidOperationException("It is not started.");

    /// <summary>Weekdays at nine in Berlin, unless told otherwise.</summary>
    public static Dictionary<string, string?> Schedule(string name = "nightly", string cron = "0 9 * * 1-5", string zone = "Europe/Berlin", int at = 0) => new()
    {
        [$"Schedules:{at}:Name"] = name,
        [$"Schedules:{at}:Cron"] = cron,
        [$"Schedules:{at}:TimeZone"] = zone,
        [$"Schedules:{at}:Repository"] = "acme/shop",
        [$"Schedules:{at}:Prompt"] = "Update the dependencies",
        [$"Schedules:{at}:Channel"] = "#builds",
    };

    /// <summary>A later one overrides the keys of those before.</summary>
    public static IConfiguration Configuration(params IEnumerable<KeyValuePair<string, string?>>[] schedules) =>
        schedules.Aggregate(new ConfigurationBuilder(), (all, some) => (ConfigurationBuilder)all.AddInMemoryCollection(some)).Build();

    public async Task Start(params IEnumerable<KeyValuePair<string, string?>>[] schedules)
    {
        Build(schedules);
        await Run();
    }

    /// <summary>All there is, not yet running.</summary>
    public void Build(params IEnumerable<KeyValuePair<string, string?>>[] schedules)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<TimeProvider>(Clock).AddSingleton(Paths);
        services.AddSingleton<IStore>(new SqliteStore(Paths.Database));
        services.AddSingleton(new Meter(nameof(ScheduleHost))).AddSingleton<EngineMetrics>().AddSingleton<Inbox>();
        services.AddSingleton<IInbox>(p => new WatchedInbox(p.GetRequiredService<Inbox>()));
        services.AddSchedules(Configuration(schedules));
        _services = services.BuildServiceProvider();
    }

    public async Task Run()
    {
        foreach (var service in Services.GetServices<IHostedService>()) await service.StartAsync(TestContext.Current.CancellationToken);
    }

    public async Task Stop()
    {
        if (_services is null) return;
        foreach (var service in _services.GetServices<IHostedService>()) await service.StopAsync(TestContext.Current.CancellationToken);
        await DisposeServices(_services);
        _services = null;
    }

    public List<string> Delivered() => Store.Read(db => db.Query<string>("SELECT delivery_id FROM deliveries ORDER BY id").AsList());

    public IReadOnlyList<StoredSchedule> Stored() => Store.Read(ScheduleTriggers.Stored);

    /// <summary>The file as a crash at this moment would leave it.</summary>
    public void CopyTo(ScheduleHost other) => Store.Read(db => db.Execute("VACUUM INTO @file", new { file = other.Paths.Database }));

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _directory.Delete(recursive: true);
    }

    private static async Task DisposeServices(ServiceProvider services)
    {
        var store = (SqliteStore)services.GetRequiredService<IStore>();
        await services.DisposeAsync();
        store.Dispose();
    }
}
