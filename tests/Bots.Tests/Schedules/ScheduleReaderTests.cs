using System.Text;
using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.Schedules;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Tests.Schedules;

public sealed class ScheduleReaderTests
{
    private const string Firing = """{"name":"nightly","due":"2026-03-02T08:00:00+00:00","prompt":"Update the dependencies","channel":"#builds","repository":"acme/shop"}""";

    [Fact]
    public async Task A_firing_is_a_prompt_by_the_schedule_that_opens_a_thread_in_its_channel()
    {
        var request = (await Read(Firing, [new ChannelSurface("github"), new ChannelSurface("slack")])).ShouldBeOfType<Inbound.PromptRequest>();

        request.Conversation.ShouldBe(new ConversationKey("slack", "T1/#builds/new"));
        request.Author.ShouldBe(new Person("schedule", "nightly", "nightly"));
        request.Text.ShouldBe("Update the dependencies");
        request.Target.ShouldBe(new WorkTarget(RepositoryName.Parse("acme/shop")));
        request.Channel.ShouldBe("builds");
        request.MayStart.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_repository_the_target_is_left_to_the_classifier()
    {
        var request = await Read(Firing.Replace(",\"repository\":\"acme/shop\"", ""), [new ChannelSurface("slack")]);
        request.ShouldBeOfType<Inbound.PromptRequest>().Target.ShouldBeNull();
    }

    [Fact]
    public async Task A_channel_that_Slack_refuses_for_good_starts_nothing_and_is_told_to_operators()
    {
        var slack = new ChannelSurface("slack") { Refusal = new SurfaceException(SurfaceOutcome.Rejected, "There is no channel #builds.") };
        var unheard = (await Read(Firing, [slack])).ShouldBeOfType<Inbound.Unanswerable>();

        unheard.Why.ShouldContain("There is no channel #builds.");
        unheard.Request.Conversation.ShouldBe(new ConversationKey("schedule", "nightly/2026-03-02T08:00:00Z"));
        unheard.Request.Text.ShouldBe("Update the dependencies");
    }

    [Fact]
    public async Task While_Slack_cannot_answer_the_firing_is_read_again_later()
    {
        var slack = new ChannelSurface("slack") { Refusal = new SurfaceException(SurfaceOutcome.Retry, "rate limited") };
        await Should.ThrowAsync<SurfaceException>(() => Read(Firing, [slack]));
    }

    [Fact]
    public async Task A_firing_left_over_from_when_Slack_was_configured_starts_nothing() =>
        (await Read(Firing, [])).ShouldBeOfType<Inbound.Unanswerable>().Why.ShouldContain("Slack is not configured");

    [Fact(Timeout = 60_000)]
    public async Task What_a_schedule_puts_into_the_inbox_is_what_is_read()
    {
        await using var host = new ScheduleHost();
        await host.Start(ScheduleHost.Schedule());
        host.Clock.Advance(TimeSpan.FromHours(2));
        var body = Encoding.UTF8.GetString((await host.Inbox.Next()).Body);

        body.ShouldBe(Firing);
    }

    private static async Task<Inbound> Read(string body, IEnumerable<ISurface> surfaces)
    {
        var delivery = new Delivery { Surface = "schedule", Id = "nightly/2026-03-02T08:00:00Z", Kind = "fired", Body = Encoding.UTF8.GetBytes(body), ReceivedAt = ScheduleHost.Monday };
        var read = await new ScheduleReader(surfaces, NullLogger<ScheduleReader>.Instance).Read(delivery, TestContext.Current.CancellationToken);
        return read.ShouldHaveSingleItem();
    }
}
