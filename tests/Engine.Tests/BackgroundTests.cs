using Bots.Engine.Tests.World;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Engine.Tests;

public sealed class BackgroundTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Pulse _pulse = new();
    private readonly ManualTimeProvider _clock;
    private readonly Loop _loop;

    public BackgroundTests()
    {
        _clock = new ManualTimeProvider(_pulse);
        _loop = new Loop(_clock, _pulse);
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync(CancellationToken.None).Within("the loop's end");
        _loop.Dispose();
    }

    [Fact]
    public async Task A_loop_that_fails_goes_on_after_a_second_and_counts_its_failures()
    {
        _loop.RoundFails = true;
        await _loop.StartAsync(CancellationToken.None);
        await _clock.Armed(Second);
        _loop.Failures.ShouldBe(1);
        _clock.Advance(Second);
        await _clock.Armed(Second);
        _loop.Failures.ShouldBe(2);

        _loop.RoundFails = false;
        _clock.Advance(Second);

        await _clock.Armed(Loop.Rest);
        _loop.Rounds.ShouldBe(3);
        _loop.Failures.ShouldBe(0);
    }

    [Fact]
    public async Task A_beginning_that_fails_is_begun_again_before_the_first_round()
    {
        _loop.BeginFails = true;
        await _loop.StartAsync(CancellationToken.None);
        await _clock.Armed(Second);
        _loop.Rounds.ShouldBe(0);

        _loop.BeginFails = false;
        _clock.Advance(Second);

        await _pulse.Until(() => _loop.Rounds == 1);
        _loop.Begins.ShouldBe(2);
    }

    [Fact]
    public async Task It_ends_at_once_in_the_middle_of_a_round()
    {
        _loop.RoundHangs = true;
        await _loop.StartAsync(CancellationToken.None);
        await _pulse.Until(() => _loop.Rounds == 1);

        await _loop.StopAsync(CancellationToken.None).Within("the loop's end");

        _loop.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
        _loop.Failures.ShouldBe(0);
    }

    [Fact]
    public async Task It_ends_at_once_in_the_pause_after_a_failure()
    {
        _loop.RoundFails = true;
        await _loop.StartAsync(CancellationToken.None);
        await _clock.Armed(Second);

        await _loop.StopAsync(CancellationToken.None).Within("the loop's end");

        _loop.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task A_loop_that_failed_once_and_is_at_a_long_round_is_well_again()
    {
        _loop.RoundFails = true;
        await _loop.StartAsync(CancellationToken.None);
        await _clock.Armed(Second);
        _loop.RoundFails = false;
        _loop.RoundHangs = true;
        _clock.Advance(Second);
        await _pulse.Until(() => _loop.Rounds == 2);
        _loop.Failures.ShouldBe(1);

        _clock.Advance(TimeSpan.FromSeconds(30));

        (_loop.Failures, _loop.Hangs).ShouldBe((0, false));
    }

    [Fact]
    public async Task It_rests_as_long_as_a_round_says_or_until_it_is_woken()
    {
        await _loop.StartAsync(CancellationToken.None);
        await _clock.Armed(Loop.Rest);
        _clock.Advance(Loop.Rest);
        await _pulse.Until(() => _loop.Rounds == 2);

        await _clock.Armed(Loop.Rest);
        _loop.Work.Set();

        await _pulse.Until(() => _loop.Rounds == 3);
    }

    [Fact]
    public async Task A_rest_is_no_hang_however_long()
    {
        await _loop.StartAsync(CancellationToken.None);
        await _clock.Armed(Loop.Rest);

        _clock.Advance(Loop.Rest - Second);

        _loop.Hangs.ShouldBeFalse();
    }

    [Fact]
    public async Task A_round_that_hangs_can_be_broken_off_and_counts_as_failed()
    {
        _loop.RoundHangs = true;
        await _loop.StartAsync(CancellationToken.None);
        await _pulse.Until(() => _loop.Rounds == 1);
        _loop.Hangs.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(10) + Second);
        _loop.Hangs.ShouldBeTrue();

        _loop.RoundHangs = false;
        await _loop.Interrupt();

        await _clock.Armed(Second);
        (_loop.Hangs, _loop.Failures).ShouldBe((false, 1));
        _clock.Advance(Second);
        await _clock.Armed(Loop.Rest);
        _loop.Failures.ShouldBe(0);
    }

    [Fact]
    public async Task It_tells_when_a_round_last_ended_well()
    {
        _loop.RoundFails = true;
        await _loop.StartAsync(CancellationToken.None);
        await _clock.Armed(Second);
        _loop.LastSuccess.ShouldBeNull();

        _loop.RoundFails = false;
        _clock.Advance(Second);

        await _clock.Armed(Loop.Rest);
        _loop.LastSuccess.ShouldBe(_clock.GetUtcNow());
    }

    [Fact]
    public async Task A_loop_that_ended_by_itself_is_down_until_it_is_started_again_and_ends_with_the_service()
    {
        var log = new BreakingLog();
        using var loop = new Loop(_clock, _pulse, log) { RoundFails = true };
        await loop.StartAsync(CancellationToken.None);
        await log.Broken.Within("the failure of the log");
        await loop.ExecuteTask!.ContinueWith(_ => { }, TaskScheduler.Default);
        loop.IsDown.ShouldBeTrue();
        loop.Cause.ShouldBeOfType<IOException>();

        loop.RoundFails = false;
        loop.Restart();

        await _pulse.Until(() => loop.Rounds == 2);
        loop.IsDown.ShouldBeFalse();
        loop.Begins.ShouldBe(1);
        await loop.StopAsync(CancellationToken.None).Within("the loop's end");
        loop.IsDown.ShouldBeFalse();
    }

    /// <summary>Cannot be written.</summary>
    private sealed class BreakingLog : ILogger
    {
        private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Broken => _broken.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _broken.TrySetResult();
            throw new IOException("on purpose");
        }
    }

    private sealed class Loop(TimeProvider clock, Pulse pulse, ILogger? log = null) : Background(clock, log ?? NullLogger.Instance)
    {
        public static readonly TimeSpan Rest = TimeSpan.FromHours(7);

        private readonly TimeProvider _clock = clock;

        public Signal Work { get; } = new();

        public bool BeginFails { get; set; }

        public bool RoundFails { get; set; }

        public bool RoundHangs { get; set; }

        public int Begins { get; private set; }

        public int Rounds { get; private set; }

        protected override Task Begin(CancellationToken stopping)
        {
            Begins++;
            return BeginFails ? Task.FromException(new InvalidOperationException("on purpose")) : Task.CompletedTask;
        }

        protected override Signal? Wake => Work;

        protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
        {
            var (fails, hangs) = (RoundFails, RoundHangs);
            Rounds++;
            pulse.Beat();
            if (fails) throw new InvalidOperationException("on purpose");
            if (hangs) await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellation);
            return Rest;
        }
    }
}
