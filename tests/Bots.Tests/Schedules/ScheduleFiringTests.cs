using Bots.Engine.Storage;
using Bots.Schedules;
using Dapper;

namespace Bots.Tests.Schedules;

public sealed class ScheduleFiringTests : IAsyncDisposable
{
    private const int HangsAfter = 60_000;

    private readonly ScheduleHost _host = new();

    [Fact(Timeout = HangsAfter)]
    public async Task A_schedule_fires_at_its_time_and_its_delivery_is_in_the_inbox()
    {
        await _host.Start(ScheduleHost.Schedule());
        _host.Clock.Advance(TimeSpan.FromHours(2));
        var delivery = await _host.Inbox.Next();

        delivery.Id.ShouldBe("nightly/2026-03-02T08:00:00Z");
        delivery.ReceivedAt.ShouldBe(ScheduleHost.Monday.AddHours(2));
        (delivery.Surface, delivery.Kind).ShouldBe(("schedule", "fired"));
        _host.Delivered().ShouldBe(["nightly/2026-03-02T08:00:00Z"]);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task A_schedule_fires_again_and_again_and_keeps_to_summer_time()
    {
        await _host.Start(ScheduleHost.Schedule(cron: "0 9 * * 1"));
        foreach (var day in new[] { 2, 9, 16, 23, 30 })
        {
            _host.Clock.AdvanceTo(new DateTimeOffset(2026, 3, day, 9, 0, 0, TimeSpan.FromHours(day == 30 ? 2 : 1)));
            await _host.Inbox.Next();
        }

        _host.Delivered().ShouldBe(["nightly/2026-03-02T08:00:00Z", "nightly/2026-03-09T08:00:00Z", "nightly/2026-03-16T08:00:00Z", "nightly/2026-03-23T08:00:00Z", "nightly/2026-03-30T07:00:00Z"]);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task A_firing_missed_while_the_service_was_down_runs_once_at_start()
    {
        await _host.Start(ScheduleHost.Schedule());
        await _host.Stop();
        _host.Clock.Advance(TimeSpan.FromHours(5));
        await _host.Start(ScheduleHost.Schedule());
        (await _host.Inbox.Next()).ReceivedAt.ShouldBe(ScheduleHost.Monday.AddHours(5));

        _host.Clock.AdvanceTo(ScheduleHost.Monday.AddHours(26));
        await _host.Inbox.Next();
        _host.Delivered().ShouldBe(["nightly/2026-03-02T08:00:00Z", "nightly/2026-03-03T08:00:00Z"]);
    }

    [Theory(Timeout = HangsAfter)]
    [InlineData("0 9 * * 1-5", 52)]
    [InlineData("10/20 * * * * ?", 0.015)]
    public async Task Two_missed_firings_give_one(string cron, double hours)
    {
        await _host.Start(ScheduleHost.Schedule(cron: cron));
        await _host.Stop();
        _host.Clock.Advance(TimeSpan.FromHours(hours));
        await _host.Start(ScheduleHost.Schedule(cron: cron));
        await _host.Inbox.Next();

        var next = NextFiring();
        next.ShouldBeGreaterThan(_host.Clock.GetUtcNow());
        _host.Clock.AdvanceTo(next);
        (await _host.Inbox.Next()).ReceivedAt.ShouldBe(next);
        _host.Delivered().Count.ShouldBe(2);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task A_firing_that_a_crash_cut_off_is_made_again()
    {
        await using var after = new ScheduleHost { Clock = _host.Clock };
        await _host.Start(ScheduleHost.Schedule());
        _host.Inbox.Before = () => _host.CopyTo(after);
        _host.Clock.Advance(TimeSpan.FromHours(2));
        await _host.Inbox.Next();

        await after.Start(ScheduleHost.Schedule());
        await after.Inbox.Next();
        after.Delivered().ShouldBe(["nightly/2026-03-02T08:00:00Z"]);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task The_same_firing_made_twice_is_one_delivery()
    {
        await using var after = new ScheduleHost { Clock = _host.Clock };
        await _host.Start(ScheduleHost.Schedule());
        _host.Inbox.After = () => _host.CopyTo(after);
        _host.Clock.Advance(TimeSpan.FromHours(2));
        await _host.Inbox.Next();

        await after.Start(ScheduleHost.Schedule());
        (await after.Inbox.NextIsNew()).ShouldBeFalse();
        after.Delivered().ShouldBe(["nightly/2026-03-02T08:00:00Z"]);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task A_firing_the_inbox_could_not_take_is_tried_again_even_after_a_restart()
    {
        var tried = new TaskCompletionSource();
        await _host.Start(ScheduleHost.Schedule());
        _host.Inbox.Before = () =>
        {
            tried.SetResult();
            throw new StoreException("The disk is full.", new IOException());
        };
        _host.Clock.Advance(TimeSpan.FromHours(2));
        await tried.Task;
        await _host.Stop();

        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        await _host.Start(ScheduleHost.Schedule());
        (await _host.Inbox.Next()).Id.ShouldBe("nightly/2026-03-02T08:00:00Z");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private DateTimeOffset NextFiring() =>
        new(_host.Store.Read(db => db.QuerySingle<long>("SELECT NEXT_FIRE_TIME FROM QRTZ_TRIGGERS")), TimeSpan.Zero);
}
