using Bots.Health;
using Bots.Engine;
using Bots.Engine.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Tests.Health;

public sealed class ReadinessTests
{
    [Fact]
    public async Task Two_loops_of_one_kind_that_fail_are_told_together()
    {
        var pauses = new SemaphoreSlim(0);
        var clock = new PauseWatcher(pauses);
        using var first = new Failing(clock);
        using var second = new Failing(clock);
        await first.StartAsync(TestContext.Current.CancellationToken);
        await second.StartAsync(TestContext.Current.CancellationToken);
        for (var loop = 0; loop < 2; loop++) await pauses.WaitAsync(TestContext.Current.CancellationToken);

        var directory = Directory.CreateTempSubdirectory("bots-");
        using var store = new SqliteStore(Path.Combine(directory.FullName, "bots.db"));
        var result = await new Readiness([first, second], store, new StoreProbe(store, TimeProvider.System)).Result();
        directory.Delete(recursive: true);

        result.StatusCode.ShouldBe(503);
        result.Value!.Failing.ShouldBe(new Dictionary<string, int> { [nameof(Failing)] = 1 });
        await Task.WhenAll(first.StopAsync(TestContext.Current.CancellationToken), second.StopAsync(TestContext.Current.CancellationToken));
    }

    private sealed class Failing(TimeProvider clock) : Background(clock, NullLogger.Instance)
    {
        protected override Task<TimeSpan?> Round(CancellationToken cancellation) => throw new InvalidOperationException("on purpose");
    }

    /// <summary>Tells of each pause, and lets none end.</summary>
    private sealed class PauseWatcher(SemaphoreSlim pauses) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            pauses.Release();
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
