using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Engine.Agents;

namespace Bots.Engine.Tests.Agents;

public sealed class RpcTests
{
    [Theory]
    [InlineData("")]
    [InlineData("opencode 1.18.33 is starting")]
    [InlineData("[warn] {not json}")]
    [InlineData("{\"jsonrpc\":\"2.0\",")]
    [InlineData("42")]
    [InlineData("null")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"method\":\"session/update\"}]")]
    [InlineData("""{"level":"info","msg":"a log line"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":5}""")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":5}""")]
    public void A_line_that_is_no_message_is_passed_over(string line) => Rpc.Parse(line).ShouldBeNull();

    [Fact]
    public void A_method_with_an_id_is_a_request_and_without_one_a_notification()
    {
        Rpc.Parse("""{"jsonrpc":"2.0","id":0,"method":"fs/read_text_file","params":{"path":"/a"}}""")
            .ShouldBeOfType<RpcMessage.Request>().Params.Find("path").ShouldBe("/a");
        Rpc.Parse("""{"jsonrpc":"2.0","method":"session/update","params":{}}""").ShouldBeOfType<RpcMessage.Notification>().Method.ShouldBe("session/update");
        Rpc.Parse("""{"jsonrpc":"2.0","method":"_x/ping"}""").ShouldBeOfType<RpcMessage.Notification>().Params.ValueKind.ShouldBe(JsonValueKind.Undefined);
    }

    [Fact]
    public void A_result_beside_a_null_error_is_a_result() =>
        Rpc.Parse("""{"jsonrpc":"2.0","id":3,"result":{"stopReason":"end_turn"},"error":null}""").ShouldBeOfType<RpcMessage.Result>().Value.Find("stopReason").ShouldBe("end_turn");

    [Theory]
    [InlineData("""{"code":-32603,"message":"Internal error"}""", "Internal error")]
    [InlineData("""{"code":-32603,"message":"Internal error","data":{"details":"the model said 401"}}""", "Internal error: the model said 401")]
    [InlineData("""{"code":-32603,"message":"It failed: no key","data":{"message":"no key"}}""", "It failed: no key")]
    [InlineData("""{"code":-32603}""", "unknown error")]
    [InlineData("\"just text\"", "just text")]
    public void An_error_is_told_with_what_the_agent_says_of_it(string error, string expected) =>
        Rpc.Parse($$"""{"jsonrpc":"2.0","id":1,"error":{{error}} }""").ShouldBeOfType<RpcMessage.Error>().Message.ShouldBe(expected);

    [Theory]
    [InlineData("7")]
    [InlineData("\"7\"")]
    [InlineData("\"a-b\\\"c\"")]
    [InlineData("9007199254740993")]
    [InlineData("1.0")]
    public void An_answer_carries_the_very_id_of_the_request(string id)
    {
        var request = Rpc.Parse($$"""{"jsonrpc":"2.0","id":{{id}},"method":"session/request_permission","params":{} }""").ShouldBeOfType<RpcMessage.Request>();

        foreach (var answer in (string[])[Rpc.Result(request.Id, new JsonObject()), Rpc.Error(request.Id, -32601, "no")])
        {
            using var said = JsonDocument.Parse(answer);
            using var expected = JsonDocument.Parse(id);
            JsonElement.DeepEquals(said.RootElement.GetProperty("id"), expected.RootElement).ShouldBeTrue();
        }
    }

    [Fact]
    public void What_we_say_is_one_line_whatever_is_in_it() =>
        Rpc.Request(1, "session/prompt", AcpRequests.Prompt("s", "one\ntwo\r\nthree\u2028four")).ShouldNotContain('\n');

    [Theory]
    [InlineData("""caf\u00e9 \ud83d\ude00!""", "café 😀!")]
    [InlineData("""cut \ud83d""", "cut \ufffd")]
    [InlineData("""\ude00 rest""", "\ufffd rest")]
    [InlineData("""\ud83d\ud83d\ude00""", "\ufffd😀")]
    [InlineData("""\uD83D\n""", "\ufffd\n")]
    [InlineData("""C:\\ud83d\\dir""", @"C:\ud83d\dir")]
    [InlineData("""\\\ud83d""", "\\\ufffd")]
    public void Half_a_character_does_not_make_a_message_unreadable(string escaped, string expected) =>
        Rpc.Parse($$"""{"jsonrpc":"2.0","method":"m","params":{"text":"{{escaped}}"} }""").ShouldBeOfType<RpcMessage.Notification>().Params.Find("text").ShouldBe(expected);
}
