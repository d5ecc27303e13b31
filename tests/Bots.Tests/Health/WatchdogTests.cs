using Bots.Engine;
using Bots.Engine.Storage;
using Bots.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Tests.Health;

public sealed class WatchdogTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-");
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly Hanging _loop;

    public WatchdogTests() => _loop = new Hanging(_clock);

    public void Dispose()
    {
        _loop.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_loop_that_hangs_makes_the_service_unready_and_is_broken_off()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _loop.StartAsync(cancellation);
        await _loop.Begun.WaitAsync(cancellation);
        (await Readiness()).Value!.Ready.ShouldBeTrue();

        _clock.Advance(TimeSpan.FromMinutes(11));

        var report = await Readiness();
        report.StatusCode.ShouldBe(503);
        report.Value!.Loops.ShouldHaveSingleItem().Hangs.ShouldBeTrue();
        await using var services = new ServiceCollection().AddSingleton<IHostedService>(_loop).BuildServiceProvider();
        using var watchdog = new Watchdog(services, _clock, NullLogger<Watchdog>.Instance);
        await watchdog.StartAsync(cancellation);
        await _loop.BrokenOff.WaitAsync(cancellation);
        await watchdog.StopAsync(cancellation);
        await _loop.StopAsync(cancellation);
    }

    private async Task<Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<ReadinessReport>> Readiness()
    {
        using var store = new SqliteStore(Path.Combine(_directory.FullName, "bots.db"));
        return await new Readiness([_loop], store, new StoreProbe(store, _clock)).Result();
    }

    private sealed class Hanging(TimeProvider clock) : Background(clock, NullLogger.Instance)
    {
        private readonly TimeProvider _clock = clock;
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _brokenOff = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public Task BrokenOff => _brokenOff.Task;

        protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
        {
            _begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _brokenOff.TrySetResult();
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }
}
