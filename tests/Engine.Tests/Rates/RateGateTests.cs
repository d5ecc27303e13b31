using Bots.Engine.Rates;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Engine.Tests.Rates;

public sealed class RateGateTests : IDisposable
{
    private static readonly RateCall Call = new("place:say", [new RateLimit("place:say", 1, TimeSpan.FromSeconds(1), 0), new RateLimit("place:all", 2, TimeSpan.FromSeconds(10), 0)]);
    private readonly TemporaryStore _store = new();
    private RateGate _gate;

    public RateGateTests() => _gate = Gate();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_call_waits_for_the_longest_of_its_limits_and_takes_of_all_or_none()
    {
        _gate.Take(Call, "a", true).ShouldBe(TimeSpan.Zero);
        _gate.Take(Call, "b", true).ShouldBe(TimeSpan.FromSeconds(1));
        _store.Clock.Advance(TimeSpan.FromSeconds(1));
        _gate.Take(Call, "b", true).ShouldBe(TimeSpan.Zero);
        _store.Clock.Advance(TimeSpan.FromSeconds(1));
        _gate.Take(Call, "c", true).ShouldBe(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task What_a_surface_closed_for_an_hour_stays_closed_over_a_restart_and_opens_by_itself()
    {
        (await _gate.Hold(Call.Scope, TimeSpan.FromHours(1))).ShouldBe(TimeSpan.FromHours(1));
        _store.Clock.Advance(TimeSpan.FromMinutes(20));

        _store.Reopen();
        _gate = Gate();

        _gate.Take(Call, "a", urgent: true).ShouldBe(TimeSpan.FromMinutes(40));
        _gate.Held("place:look").ShouldBe(TimeSpan.Zero);
        _store.Clock.Advance(TimeSpan.FromMinutes(40));
        _gate.Take(Call, "a", urgent: true).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Without_a_time_the_pause_is_a_minute_and_doubles_until_something_passes()
    {
        foreach (var minutes in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            (await _gate.Hold(Call.Scope, null)).ShouldBe(TimeSpan.FromMinutes(minutes));
            _store.Clock.Advance(TimeSpan.FromMinutes(minutes));
        }

        _gate.Passed(Call.Scope);
        (await _gate.Hold(Call.Scope, null)).ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_shorter_pause_does_not_open_what_is_closed_for_longer_and_none_is_endless()
    {
        await _gate.Hold(Call.Scope, TimeSpan.FromDays(4000));
        _gate.Held(Call.Scope).ShouldBe(TimeSpan.FromDays(1));
        (await _gate.Hold(Call.Scope, TimeSpan.FromSeconds(5))).ShouldBe(TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task Whoever_is_patient_enough_is_let_in_when_the_time_has_come()
    {
        _gate.Take(Call, "a", true);
        var entering = _gate.Enter(Call, true, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        entering.IsCompleted.ShouldBeFalse();
        _store.Clock.Advance(TimeSpan.FromSeconds(1));
        (await entering).ShouldBe(TimeSpan.Zero);

        (await _gate.Enter(Call, true, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken)).ShouldBe(TimeSpan.FromSeconds(9));
    }

    [Fact(Timeout = 60_000)]
    public async Task However_many_come_at_once_and_come_back_all_are_let_in()
    {
        var call = new RateCall("slack:conversations.replies", [new RateLimit("replies", 10, TimeSpan.FromSeconds(1.5), 0)]);
        var entered = Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            while (await _gate.Enter(call, true, TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken) is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, _store.Clock, TestContext.Current.CancellationToken);
        }));

        while (!entered.IsCompleted)
        {
            _store.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await entered;
    }

    private RateGate Gate() => new(new RateHolds(_store.Store), _store.Metrics, _store.Clock, NullLogger<RateGate>.Instance);
}
