using Bots.Schedules;

namespace Bots.Tests.Schedules;

public sealed class ScheduleConfigurationTests
{
    [Theory]
    [InlineData("Name", "", "is not set")]
    [InlineData("Cron", "", "is not set")]
    [InlineData("Cron", "0 9 * *", "has 4 fields")]
    [InlineData("Cron", "0 25 * * *", "cannot be read")]
    [InlineData("Cron", "every morning at nine o'clock", "cannot be read")]
    [InlineData("Cron", "0 9 30 2 *", "never comes")]
    [InlineData("TimeZone", "Middle/Earth", "not a time zone")]
    [InlineData("Repository", "shop", "not a repository's name")]
    [InlineData("Prompt", " ", "is not set")]
    [InlineData("Channel", "", "is not set")]
    [InlineData("Channel", "builds", "not a Slack channel")]
    public void What_is_wrong_is_told_with_its_key_and_its_mend(string key, string value, string problem)
    {
        var read = Read(ScheduleHost.Schedule(), new Dictionary<string, string?> { [$"Schedules:0:{key}"] = value });

        var told = read.Problems.ShouldHaveSingleItem();
        told.Key.ShouldBe($"Schedules:0:{key}");
        told.Problem.ShouldContain(problem);
        told.Mend.ShouldNotBeEmpty();
        read.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_and_the_other_entries_stand()
    {
        var read = Read(ScheduleHost.Schedule("broken", "* *", "Middle/Earth"), new Dictionary<string, string?> { ["Schedules:0:Prompt"] = "" }, ScheduleHost.Schedule(at: 1));

        read.Problems.Select(p => p.Key).ShouldBe(["Schedules:0:Cron", "Schedules:0:TimeZone", "Schedules:0:Prompt"], ignoreOrder: true);
        read.Entries.ShouldHaveSingleItem().Name.ShouldBe("nightly");
    }

    [Fact]
    public void Two_schedules_of_one_name_are_a_problem_of_the_second()
    {
        var read = Read(ScheduleHost.Schedule("Nightly"), ScheduleHost.Schedule("nightly", at: 1));

        read.Problems.ShouldHaveSingleItem().Key.ShouldBe("Schedules:1:Name");
        read.Entries.ShouldHaveSingleItem().Name.ShouldBe("Nightly");
    }

    [Theory]
    [InlineData("0 9 * * 1-5", "2026-03-06T10:00:00Z", "2026-03-09T09:00:00Z")]
    [InlineData("*/15 * * * *", "2026-03-06T10:01:00Z", "2026-03-06T10:15:00Z")]
    [InlineData("0 9 * * 0", "2026-03-06T10:00:00Z", "2026-03-08T09:00:00Z")]
    [InlineData("0 9 * * 7", "2026-03-06T10:00:00Z", "2026-03-08T09:00:00Z")]
    [InlineData("0 9 10 * 1", "2026-03-06T10:00:00Z", "2026-03-09T09:00:00Z")]
    [InlineData("0 9 10 * 1", "2026-03-09T10:00:00Z", "2026-03-10T09:00:00Z")]
    [InlineData("0  9\t* * MON", "2026-03-06T10:00:00Z", "2026-03-09T09:00:00Z")]
    [InlineData("@daily", "2026-03-06T10:00:00Z", "2026-03-07T00:00:00Z")]
    [InlineData("30 0 9 ? * MON", "2026-03-06T10:00:00Z", "2026-03-09T09:00:30Z")]
    [InlineData("0 0 9 1 1 ? 2027", "2026-03-06T10:00:00Z", "2027-01-01T09:00:00Z")]
    public void Cron_is_read_in_its_five_fields_and_in_those_of_Quartz(string cron, string after, string next)
    {
        ScheduleCron.TryParse(cron, TimeZoneInfo.Utc, out var read, out var problem).ShouldBeTrue(problem);
        read!.GetNextValidTimeAfter(DateTimeOffset.Parse(after)).ShouldBe(DateTimeOffset.Parse(next));
    }

    [Fact]
    public void Without_a_time_zone_it_is_UTC_and_without_a_repository_the_classifier_decides()
    {
        var given = new Dictionary<string, string?> { ["Schedules:0:TimeZone"] = "", ["Schedules:0:Repository"] = null };
        var schedule = Read(ScheduleHost.Schedule(), given).Entries.ShouldHaveSingleItem();

        schedule.Cron.TimeZone.ShouldBe(TimeZoneInfo.Utc);
        schedule.Repository.ShouldBeNull();
    }

    [Theory]
    [InlineData(true, false, new[] { "Schedules" })]
    [InlineData(true, true, new string[0])]
    [InlineData(false, false, new string[0])]
    public void Schedules_without_Slack_are_a_problem(bool schedules, bool slack, string[] told)
    {
        var configuration = ScheduleHost.Configuration(
            schedules ? ScheduleHost.Schedule() : [], slack ? new Dictionary<string, string?> { ["Slack:BotToken"] = "xoxb-1" } : []);

        new ScheduleCheck(ScheduleConfiguration.Read(configuration), configuration).Check().Select(p => p.Key).ShouldBe(told);
    }

    private static ScheduleConfiguration Read(params IEnumerable<KeyValuePair<string, string?>>[] schedules) => ScheduleConfiguration.Read(ScheduleHost.Configuration(schedules));
}
