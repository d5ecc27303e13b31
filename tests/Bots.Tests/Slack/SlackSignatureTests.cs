using System.Text;
using Bots.Slack;

namespace Bots.Tests.Slack;

public sealed class SlackSignatureTests
{
    // The example of Slack's own documentation.
    private const string Timestamp = "1531420618";
    private const string Signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    private static readonly byte[] Secret = "8f742231b10e8888abcd99yyyzzz85a5"u8.ToArray();
    private static readonly byte[] Body = Encoding.ASCII.GetBytes(
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner" +
        "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
        "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c");

    private static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1531420618);

    [Fact]
    public void The_documented_example_is_valid()
    {
        SlackSignature.Verify(Secret, Timestamp, Signature, Body, SignedAt).ShouldBe(SlackVerdict.Valid);
        SlackSignature.Sign(Secret, Timestamp, Body).ShouldBe(Signature);
    }

    [Theory]
    [InlineData(-301, SlackVerdict.Stale)]
    [InlineData(-300, SlackVerdict.Valid)]
    [InlineData(300, SlackVerdict.Valid)]
    [InlineData(301, SlackVerdict.Stale)]
    public void The_window_has_two_ends(int secondsLater, SlackVerdict expected) =>
        SlackSignature.Verify(Secret, Timestamp, Signature, Body, SignedAt.AddSeconds(secondsLater)).ShouldBe(expected);

    [Theory]
    [InlineData(null, Signature)]
    [InlineData(Timestamp, null)]
    [InlineData("", Signature)]
    [InlineData("-1531420618", Signature)]
    [InlineData(" 1531420618", Signature)]
    [InlineData("1531420618.0", Signature)]
    [InlineData("99999999999999999999", Signature)]
    [InlineData(Timestamp, "")]
    [InlineData(Timestamp, "v0=")]
    [InlineData(Timestamp, "v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData(Timestamp, "v0=g2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData(Timestamp, "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b5")]
    [InlineData(Timestamp, "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b50300")]
    public void Headers_in_another_form_are_malformed(string? timestamp, string? signature) =>
        SlackSignature.Verify(Secret, timestamp, signature, Body, SignedAt).ShouldBe(SlackVerdict.Malformed);

    [Fact]
    public void The_ends_of_time_overflow_nothing()
    {
        SlackSignature.Verify(Secret, long.MaxValue.ToString(), Signature, Body, SignedAt).ShouldBe(SlackVerdict.Stale);
        SlackSignature.Verify(Secret, "0", Signature, Body, SignedAt).ShouldBe(SlackVerdict.Stale);
    }

    [Fact]
    public void Another_body_secret_or_timestamp_is_wrong()
    {
        SlackSignature.Verify(Secret, Timestamp, Signature, [.. Body, (byte)' '], SignedAt).ShouldBe(SlackVerdict.Wrong);
        SlackSignature.Verify("another"u8, Timestamp, Signature, Body, SignedAt).ShouldBe(SlackVerdict.Wrong);
        SlackSignature.Verify(Secret, "1531420619", Signature, Body, SignedAt).ShouldBe(SlackVerdict.Wrong);
    }

    [Fact]
    public void An_empty_secret_verifies_nothing()
    {
        var forged = SlackSignature.Sign([], Timestamp, Body);
        SlackSignature.Verify([], Timestamp, forged, Body, SignedAt).ShouldBe(SlackVerdict.Malformed);
    }
}
