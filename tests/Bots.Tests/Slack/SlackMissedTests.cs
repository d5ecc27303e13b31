using System.Net;
using Bots.Engine.Surfaces;
using Bots.Slack;
using Bots.Slack.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Tests.Slack;

public sealed class SlackMissedTests
{
    private static readonly SlackIdentity Self = new("T1", "UBOT", "BBOT");

    [Theory]
    [InlineData("UANA", null, null, "1700000000.000200", true)]
    [InlineData("UANA", null, "file_share", "1700000000.000200", true)]
    [InlineData("UANA", null, null, "1700000000.000100", false)]
    [InlineData("UANA", null, "tombstone", "1700000000.000200", false)]
    [InlineData("UANA", null, "channel_join", "1700000000.000200", false)]
    [InlineData("UBOT", "BBOT", null, "1700000000.000200", false)]
    [InlineData("UANA", "BOTHER", null, "1700000000.000200", false)]
    [InlineData(null, "BOTHER", "bot_message", "1700000000.000200", false)]
    public void Only_what_people_wrote_since_is_missed(string? user, string? bot, string? subtype, string ts, bool isMissed) =>
        SlackMissed.IsMissed(new SlackThreadMessage { User = user, BotId = bot, Subtype = subtype, Ts = ts, Text = "x" }, Self, "1700000000.000100").ShouldBe(isMissed);

    [Fact]
    public async Task A_limited_rate_is_waited_out_and_the_page_asked_for_again()
    {
        var time = new WaitRecorder();
        var asked = 0;

        var messages = await Pages(time).All(cursor => ++asked == 1
            ? Task.FromException<MessagesResponse>(SlackErrors.Of("conversations.replies", HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(30), true))
            : Task.FromResult(Page(cursor is null ? "next" : null)));

        messages.Count.ShouldBe(2);
        time.Waits.ShouldBe([30, 2, 2]);
    }

    [Fact]
    public async Task A_thread_that_is_gone_holds_up_no_other()
    {
        var pages = Pages(new WaitRecorder());

        (await pages.All(_ => Task.FromException<MessagesResponse>(SlackErrors.Of("conversations.replies", "thread_not_found", true)))).ShouldBeEmpty();
        (await pages.All(_ => Task.FromResult(Page(null)))).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_Slack_that_never_answers_is_given_up()
    {
        var asked = 0;

        await Should.ThrowAsync<SurfaceException>(() => Pages(new WaitRecorder()).All(_ =>
        {
            asked++;
            return Task.FromException<MessagesResponse>(SlackErrors.Unanswered("conversations.replies", true, new HttpRequestException()));
        }));

        asked.ShouldBe(5);
    }

    private static SlackPages Pages(TimeProvider time) => new(time, NullLogger.Instance, TestContext.Current.CancellationToken);

    private static MessagesResponse Page(string? cursor) => new()
    {
        Ok = true, Messages = [new SlackThreadMessage { User = "UANA", Ts = "1700000000.000200", Text = "x" }], ResponseMetadata = new SlackResponseMetadata(cursor, null),
    };

    /// <summary>Lets every wait end at once and remembers its seconds.</summary>
    private sealed class WaitRecorder : TimeProvider
    {
        public List<double> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan) Waits.Add(dueTime.TotalSeconds);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
