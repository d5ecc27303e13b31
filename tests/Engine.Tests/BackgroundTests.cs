using Bots.Engine.Tests.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Engine.Tests;

public sealed class BackgroundTests
{
    [Fact]
    public async Task A_loop_that_failed_once_and_waits_for_work_is_well_again()
    {
        var clock = new ManualTimeProvider(new Pulse());
        using var loop = new OnceFailing(clock);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await clock.Armed(TimeSpan.FromSeconds(1));
        loop.Failures.ShouldBe(1);

        clock.Advance(TimeSpan.FromSeconds(1));
        await loop.Waits.Within();
        loop.Failures.ShouldBe(1);
        clock.Advance(TimeSpan.FromSeconds(30));

        loop.Failures.ShouldBe(0);
        await loop.StopAsync(TestContext.Current.CancellationToken);
    }

    private sealed class OnceFailing(TimeProvider clock) : Background(clock, NullLogger.Instance)
    {
        private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _rounds;

        public Task Waits => _waits.Task;

        protected override async Task Round(CancellationToken stopping)
        {
            if (_rounds++ == 0) throw new InvalidOperationException("on purpose");
            _waits.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
        }
    }
}
