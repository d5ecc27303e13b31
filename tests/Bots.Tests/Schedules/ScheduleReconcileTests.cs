using Dapper;

namespace Bots.Tests.Schedules;

public sealed class ScheduleReconcileTests : IAsyncDisposable
{
    private const int HangsAfter = 60_000;

    private readonly ScheduleHost _host = new();

    [Fact(Timeout = HangsAfter)]
    public async Task Without_schedules_no_scheduler_is_made()
    {
        await _host.Start();
        (await _host.Schedulers.GetAllSchedulers(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact(Timeout = HangsAfter)]
    public async Task An_entry_removed_from_the_configuration_takes_its_trigger_with_it()
    {
        await _host.Start(ScheduleHost.Schedule("first"), ScheduleHost.Schedule("second", at: 1));
        _host.Stored().Select(s => s.Name).ShouldBe(["first", "second"], ignoreOrder: true);
        await _host.Stop();

        await _host.Start(ScheduleHost.Schedule("second"));
        _host.Stored().Select(s => s.Name).ShouldBe(["second"]);
        Triggers().ShouldBe(["second"]);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task A_firing_missed_by_an_entry_that_is_gone_is_not_made_up_for()
    {
        await _host.Start(ScheduleHost.Schedule("first"), ScheduleHost.Schedule("second", "0 10 * * *", at: 1));
        await _host.Stop();
        _host.Clock.Advance(TimeSpan.FromHours(2.5));

        await _host.Start(ScheduleHost.Schedule("second", "0 10 * * *"));
        _host.Clock.AdvanceTo(ScheduleHost.Monday.AddHours(3));
        await _host.Inbox.Next();
        _host.Delivered().ShouldBe(["second/2026-03-02T09:00:00Z"]);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task When_the_last_entry_is_removed_the_store_is_tidied_and_nothing_runs()
    {
        await _host.Start(ScheduleHost.Schedule());
        await _host.Stop();
        await _host.Start();

        _host.Stored().ShouldBeEmpty();
        Triggers().ShouldBeEmpty();
        var scheduler = await _host.Schedulers.GetScheduler(TestContext.Current.CancellationToken);
        scheduler.Status.ShouldBe(Quartz.SchedulerStatus.Created);
    }

    [Theory(Timeout = HangsAfter)]
    [InlineData("0 10 * * *", "Europe/Berlin")]
    [InlineData("0 9 * * 1-5", "UTC")]
    public async Task A_changed_cron_or_time_zone_takes_effect(string cron, string zone)
    {
        await _host.Start(ScheduleHost.Schedule());
        await _host.Stop();

        await _host.Start(ScheduleHost.Schedule(cron: cron, zone: zone));
        _host.Clock.AdvanceTo(ScheduleHost.Monday.AddHours(3));
        await _host.Inbox.Next();
        _host.Delivered().ShouldBe(["nightly/2026-03-02T09:00:00Z"]);
    }

    [Fact(Timeout = HangsAfter)]
    public async Task A_changed_prompt_is_the_one_that_is_given_at_the_stored_time()
    {
        await _host.Start(ScheduleHost.Schedule());
        await _host.Stop();

        await _host.Start(ScheduleHost.Schedule(), new Dictionary<string, string?> { ["Schedules:0:Prompt"] = "Write the release notes" });
        _host.Clock.Advance(TimeSpan.FromHours(2));
        System.Text.Encoding.UTF8.GetString((await _host.Inbox.Next()).Body).ShouldContain("Write the release notes");
    }

    [Fact(Timeout = HangsAfter)]
    public async Task A_schedule_whose_last_time_has_passed_stops_neither_the_service_nor_the_others()
    {
        await _host.Start(ScheduleHost.Schedule("once", "0 0 12 1 1 ? 2026"), ScheduleHost.Schedule(at: 1));
        _host.Stored().Select(s => s.Name).ShouldBe(["nightly"]);
    }

    [Theory(Timeout = HangsAfter)]
    [InlineData("UPDATE QRTZ_JOB_DETAILS SET JOB_CLASS_NAME = 'Bots.Schedules.OldName, Bots'")]
    [InlineData("UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = 'ERROR'")]
    public async Task A_start_mends_what_an_older_version_left(string damage)
    {
        await _host.Start(ScheduleHost.Schedule());
        await _host.Stop();
        _host.Build(ScheduleHost.Schedule());
        await _host.Store.Write(write => write.Db.Execute(damage), TestContext.Current.CancellationToken);

        await _host.Run();
        _host.Clock.Advance(TimeSpan.FromHours(2));
        (await _host.Inbox.Next()).Id.ShouldBe("nightly/2026-03-02T08:00:00Z");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private List<string> Triggers() => _host.Store.Read(db => db.Query<string>("SELECT TRIGGER_NAME FROM QRTZ_TRIGGERS UNION SELECT TRIGGER_NAME FROM QRTZ_CRON_TRIGGERS").AsList());
}
