using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests;

public sealed class SignalTests
{
    private readonly ManualTimeProvider _clock = new(new Pulse());
    private readonly Signal _signal = new();

    [Fact]
    public async Task What_was_set_before_anybody_waits_is_not_lost()
    {
        _signal.Set();

        await Wait().Within();
    }

    [Fact]
    public async Task Set_many_times_it_wakes_once()
    {
        for (var i = 0; i < 5; i++) _signal.Set();
        await Wait().Within();

        var second = Wait();

        second.IsCompleted.ShouldBeFalse();
        _signal.Set();
        await second.Within();
    }

    [Fact]
    public async Task It_wakes_who_waits()
    {
        var waiting = Wait();
        waiting.IsCompleted.ShouldBeFalse();

        _signal.Set();

        await waiting.Within();
    }

    [Fact]
    public async Task It_gives_up_when_the_time_is_over_and_still_wakes_afterwards()
    {
        var waiting = Wait(TimeSpan.FromSeconds(3));
        _clock.Advance(TimeSpan.FromSeconds(2));
        waiting.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await waiting.Within();

        _signal.Set();
        await Wait().Within();
    }

    [Fact]
    public async Task Without_patience_it_returns_at_once() => await Wait(TimeSpan.Zero).Within();

    [Fact]
    public async Task It_can_be_cancelled_and_keeps_what_was_set()
    {
        using var cancelled = new CancellationTokenSource();
        var waiting = _signal.Wait(null, _clock, cancelled.Token);
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);

        _signal.Set();
        await Wait().Within();
    }

    [Fact]
    public async Task Everything_that_was_set_is_seen_by_a_loop_that_looks_after_it_woke()
    {
        const int Most = 20_000;
        var announced = 0;
        var announcing = Task.Run(() =>
        {
            for (var i = 1; i <= Most; i++)
            {
                Volatile.Write(ref announced, i);
                _signal.Set();
            }
        });

        while (Volatile.Read(ref announced) < Most) await Wait().Within();

        await announcing;
    }

    private Task Wait(TimeSpan? timeout = null) => _signal.Wait(timeout, _clock, TestContext.Current.CancellationToken);
}
