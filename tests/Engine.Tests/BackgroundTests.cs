using Bots.Engine.Tests.World;
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

        await _pulse.Until(() => _loop.Rounds == 3);
        _loop.Done.Set();
        await _pulse.Until(() => _loop.Rounds == 4);
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
    public async Task A_loop_that_failed_once_and_waits_for_work_is_well_again()
    {
        _loop.RoundFails = true;
        await _loop.StartAsync(CancellationToken.None);
        await _clock.Armed(Second);
        _loop.Failures.ShouldBe(1);

        _loop.RoundFails = false;
        _clock.Advance(Second);
        await _pulse.Until(() => _loop.Rounds == 2);
        _loop.Failures.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(30));

        _loop.Failures.ShouldBe(0);
    }

    private sealed class Loop(TimeProvider clock, Pulse pulse) : Background(clock, NullLogger.Instance)
    {
        private readonly TimeProvider _clock = clock;

        public Signal Done { get; } = new();

        public bool BeginFails { get; set; }

        public bool RoundFails { get; set; }

        public int Begins { get; private set; }

        public int Rounds { get; private set; }

        protected override Task Begin(CancellationToken stopping)
        {
            Begins++;
            return BeginFails ? Task.FromException(new InvalidOperationException("on purpose")) : Task.CompletedTask;
        }

        protected override Task Round(CancellationToken stopping)
        {
            Rounds++;
            pulse.Beat();
            return RoundFails ? Task.FromException(new InvalidOperationException("on purpose")) : Done.Wait(null, _clock, stopping);
        }
    }
}
