using System.Net;
using System.Text.Json;
using Bots.Engine;
using Bots.Engine.Storage;
using Bots.Health;
using Bots.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Each_loop_tells_how_it_is()
    {
        await using var host = await ApiHost.Start();

        var (status, report) = await Ready(host);

        status.ShouldBe(HttpStatusCode.OK);
        var loops = report.GetProperty("loops").EnumerateArray().ToDictionary(l => l.GetProperty("name").GetString()!);
        loops.Keys.ShouldContain("Reaper");
        loops["TurnScheduler"].GetProperty("backlog").GetInt32().ShouldBe(0);
        loops.Values.ShouldAllBe(l => !l.GetProperty("down").GetBoolean() && l.GetProperty("failures").GetInt32() == 0);
        report.TryGetProperty("store", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_makes_the_service_unready_and_says_why()
    {
        var store = new FailingStore();
        await using var host = await ApiHost.Start(services => services.AddSingleton<IStore>(p => store.Over(p.GetRequiredService<Bots.Engine.Sandboxes.SandboxPaths>().Database)));
        store.Failure = new StoreException("The disk is full.", new IOException());

        var (status, report) = await Ready(host);

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        report.GetProperty("ready").GetBoolean().ShouldBeFalse();
        report.GetProperty("store").GetString().ShouldBe("The disk is full.");
    }

    [Fact]
    public async Task A_loop_that_ended_is_started_again_and_said_so()
    {
        using var mortal = new Mortal(TimeProvider.System);
        await using var host = await ApiHost.Start(services => services.AddSingleton<IHostedService>(mortal));

        await mortal.Again.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken);

        var loops = (await Ready(host)).Report.GetProperty("loops").EnumerateArray();
        loops.Single(l => l.GetProperty("name").GetString() == nameof(Mortal)).GetProperty("down").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_loop_that_ended_makes_the_service_unready()
    {
        var directory = Directory.CreateTempSubdirectory("bots-");
        using var store = new SqliteStore(Path.Combine(directory.FullName, "bots.db"));
        using var mortal = new Mortal(TimeProvider.System);
        await mortal.StartAsync(TestContext.Current.CancellationToken);
        await Should.ThrowAsync<IOException>(mortal.ExecuteTask!);

        var result = await new Readiness([mortal], store, new StoreProbe(store, TimeProvider.System)).Result();

        result.StatusCode.ShouldBe(503);
        result.Value!.Loops.ShouldHaveSingleItem().Down.ShouldBeTrue();
        directory.Delete(recursive: true);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Report)> Ready(ApiHost host)
    {
        using var answer = await host.Client.GetAsync(new Uri("readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return (answer.StatusCode, json.RootElement.Clone());
    }

    /// <summary>Fails once, which its log does not survive.</summary>
    private sealed class Mortal(TimeProvider clock) : Background(clock, new BreakingLog())
    {
        private readonly TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _rounds;

        public Task Again => _again.Task;

        protected override Task<TimeSpan?> Round(CancellationToken cancellation)
        {
            if (_rounds++ == 0) throw new InvalidOperationException("on purpose");
            _again.TrySetResult();
            return Task.FromResult<TimeSpan?>(null);
        }
    }

    private sealed class BreakingLog : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("on purpose");
    }

    private sealed class FailingStore : IStore, IDisposable
    {
        private SqliteStore _store = null!;

        public Exception? Failure { get; set; }

        public FailingStore Over(string file)
        {
            _store = new SqliteStore(file);
            return this;
        }

        public Task<T> Write<T>(Func<IWrite, T> work, CancellationToken cancellation = default) =>
            Failure is { } failure ? Task.FromException<T>(failure) : _store.Write(work, cancellation);

        public T Read<T>(Func<System.Data.IDbConnection, T> work) => _store.Read(work);

        public void Dispose() => _store.Dispose();
    }
}
