using System.Text;
using Bots.Engine.Models;
using Bots.Gateway;

namespace Bots.Tests.Gateway;

public sealed class ModelRequestTests
{
    [Theory]
    [InlineData("""{"model":"m","stream":true}""", """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":null,"model":"m","stream":true}""", """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":false,"include_obfuscation":false}}""", """{"model":"m","stream":true,"stream_options":{"include_obfuscation":false,"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream":true,"Stream_Options":{"include_usage":true}}""", """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":true,"include_usage":false}}""", """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":true},"stream_options":{}}""", """{"model":"m","stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","stream":true,"n":1.50,"big":12345678901234567890,"text":"é<\u00e9\ud83d\n"}""", """{"model":"m","stream":true,"n":1.50,"big":12345678901234567890,"text":"é<\u00e9\ud83d\n","stream_options":{"include_usage":true}}""")]
    public void A_streamed_chat_completion_is_asked_for_its_use(string body, string expected) => Rewrite(body, mustAsk: true).ShouldBe(expected);

    [Theory]
    [InlineData("""{ "model" : "m" }""", true)]
    [InlineData("""{ "model" : "m", "stream": false }""", true)]
    [InlineData("""{ "model" : "m", "stream": true, "stream_options": { "include_usage": true } }""", true)]
    [InlineData("""{ "model" : "m", "stream": true }""", false)]
    public void Any_other_body_stays_as_it_is(string body, bool mustAsk) => Rewrite(body, mustAsk).ShouldBe(body);

    private static string Rewrite(string body, bool mustAsk) =>
        Encoding.UTF8.GetString(ModelRequest.Read(Encoding.UTF8.GetBytes(body), ModelKind.OpenAI, mustAsk).Body.Span);
}
