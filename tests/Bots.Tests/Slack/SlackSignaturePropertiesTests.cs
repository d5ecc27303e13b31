using Bots.Slack;
using Bots.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace Bots.Tests.Slack;

public sealed class SlackSignaturePropertiesTests
{
    private static readonly byte[] Secret = "8f742231b10e8888abcd99yyyzzz85a5"u8.ToArray();
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Gen<byte[]> Bodies = Gen.Choose(0, 255).Select(b => (byte)b).ListOf().Select(b => b.ToArray());

    [Fact]
    public void Five_minutes_either_way_are_accepted_and_no_second_more() => Hold(
        from body in Bodies from seconds in Gen.OneOf(Gen.Choose(-302, -298), Gen.Choose(298, 302), Gen.Choose(-100_000, 100_000)) select (body, seconds),
        c => Verify(c.body, Now.ToUnixTimeSeconds() + c.seconds) == (Math.Abs(c.seconds) <= SlackSignature.Window ? SlackVerdict.Valid : SlackVerdict.Stale));

    [Fact]
    public void One_byte_more_or_another_is_another_body() => Hold(
        from body in Bodies from at in Gen.Choose(0, 1000) from other in Gen.Choose(1, 255) select (body, at, other),
        c =>
        {
            var timestamp = $"{Now.ToUnixTimeSeconds()}";
            var signature = SlackSignature.Sign(Secret, timestamp, c.body);
            byte[] longer = [.. c.body, (byte)c.other];
            var changed = longer.ToArray();
            changed[c.at % changed.Length] ^= (byte)c.other;
            return SlackSignature.Verify(Secret, timestamp, signature, longer, Now) == SlackVerdict.Wrong
                && SlackSignature.Verify(Secret, timestamp, SlackSignature.Sign(Secret, timestamp, longer), changed, Now) == SlackVerdict.Wrong;
        });

    [Fact]
    public void Whatever_stands_in_the_headers_is_no_signature() => Hold(
        from timestamp in Gen.Elements("", "-1", "1e9", " 1", "١٢٣", "99999999999999999999", "0x10", null) from signature in Gen.Elements(null, "", "v0=", "v1=00", "v0=zz", "v0=" + new string('0', 63), "v0=" + new string('0', 65)) select (timestamp, signature),
        c => SlackSignature.Verify(Secret, c.timestamp, c.signature, "{}"u8, Now) == SlackVerdict.Malformed);

    private static void Hold<T>(Gen<T> gen, Func<T, bool> property) => gen.Hold(property, times: 1000);

    private static SlackVerdict Verify(byte[] body, long signedAt) =>
        SlackSignature.Verify(Secret, $"{signedAt}", SlackSignature.Sign(Secret, $"{signedAt}", body), body, Now);
}
