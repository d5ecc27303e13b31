using Bots.Engine.Forges;
using Bots.Engine.Turns;

namespace Bots.Engine.Tests.Turns;

public sealed class PerseveranceTests
{
    private static readonly Exception Away = new ForgeException("no answer", transient: true);

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(16, 15, 16)]
    [InlineData(64, 63, 30)]
    [InlineData(128, 120, null)]
    public void What_may_pass_is_tried_again_ever_later_and_given_up_in_the_end(int pause, int waited, int? expected) =>
        Seconds(Away, pause, waited).ShouldBe(expected);

    [Theory]
    [InlineData(60, 0, 60)]
    [InlineData(3600, 60, 3600)]
    [InlineData(3600, 3600, null)]
    public void A_forge_that_says_how_long_it_wants_to_be_left_alone_is_left_alone(int asked, int waited, int? expected) =>
        Seconds(new ForgeException("rate limit", transient: true) { RetryAfter = TimeSpan.FromSeconds(asked) }, 1, waited).ShouldBe(expected);

    [Fact]
    public void A_refusal_is_told_at_once()
    {
        Seconds(new ForgeException("no permission", transient: false), 1, 0).ShouldBeNull();
        Seconds(new TurnException("conflict"), 1, 0).ShouldBeNull();
        Seconds(new InvalidOperationException("a bug"), 1, 0).ShouldBeNull();
    }

    [Theory]
    [InlineData("send-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly\nEverything up-to-date", true)]
    [InlineData("remote: The forge did not answer.\nfatal: unable to access 'http://127.0.0.1:7070/git/a/b.git/': The requested URL returned error: 502", true)]
    [InlineData("fatal: unable to access 'http://127.0.0.1:7070/git/a/b.git/': transfer closed with outstanding read data remaining", true)]
    [InlineData("fatal: unable to access 'http://127.0.0.1:7070/git/a/b.git/': Recv failure: Connection reset by peer", true)]
    [InlineData("remote: The forge refused this service access to a/b (403). Whoever runs it must check…\nfatal: unable to access …: The requested URL returned error: 502", false)]
    [InlineData(" ! [remote rejected] HEAD -> main (this session may push to its own branch only)\nerror: failed to push some refs", false)]
    [InlineData("", false)]
    public void Whether_git_failed_on_the_way_is_read_from_what_it_said(string said, bool expected) => Checkout.MayPass(said).ShouldBe(expected);

    private static double? Seconds(Exception failure, int pause, int waited) =>
        Perseverance.Pause(failure, TimeSpan.FromSeconds(pause), TimeSpan.FromSeconds(waited))?.TotalSeconds;
}
