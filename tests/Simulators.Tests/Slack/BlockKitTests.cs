using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bots.Simulators.Tests.Slack;

public sealed class BlockKitTests : SlackFixture
{
    private static readonly string Long = new('x', 3001);

    public static TheoryData<string, string, string> Refused => new()
    {
        { "unknown block", """[{"type":"wobble"}]""", "unsupported type: wobble [json-pointer:/blocks/0/type]" },
        { "no type", "[{}]", "missing required field: type" },
        { "section without text", """[{"type":"section"}]""", "missing required field: text" },
        { "empty text", """[{"type":"section","text":{"type":"mrkdwn","text":""}}]""", "must be more than 0 characters [json-pointer:/blocks/0/text/text]" },
        { "long section", $$$"""[{"type":"section","text":{"type":"mrkdwn","text":"{{{Long}}}"}}]""", "must be less than 3001 characters" },
        { "text of no type", """[{"type":"section","text":{"text":"x"}}]""", "must be a plain_text or mrkdwn object" },
        { "emoji on mrkdwn", """[{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}]""", "invalid additional property: emoji" },
        { "too many fields", $$$"""[{"type":"section","fields":[{{{Repeat("""{"type":"mrkdwn","text":"x"}""", 11)}}}]}]""", "no more than 10 items allowed [json-pointer:/blocks/0/fields]" },
        { "mrkdwn header", """[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]""", "must be a plain_text object" },
        { "long header", $$$"""[{"type":"header","text":{"type":"plain_text","text":"{{{Long[..151]}}}"}}]""", "must be less than 151 characters" },
        { "too much context", $$$"""[{"type":"context","elements":[{{{Repeat("""{"type":"mrkdwn","text":"x"}""", 11)}}}]}]""", "no more than 10 items allowed" },
        { "button in context", """[{"type":"context","elements":[{"type":"button","text":{"type":"plain_text","text":"x"}}]}]""", "must be a plain_text or mrkdwn object" },
        { "empty context", """[{"type":"context","elements":[]}]""", "no fewer than 1 items allowed" },
        { "26 buttons", Actions(Repeat("""{"type":"button","text":{"type":"plain_text","text":"x"}}""", 26)), "no more than 25 items allowed" },
        { "long button", Actions($$$"""{"type":"button","text":{"type":"plain_text","text":"{{{Long[..76]}}}"}}"""), "must be less than 76 characters" },
        { "long value", Actions($$$"""{"type":"button","text":{"type":"plain_text","text":"x"},"value":"{{{Long[..2001]}}}"}"""), "must be less than 2001 characters" },
        { "long action_id", Actions($$$"""{"type":"button","text":{"type":"plain_text","text":"x"},"action_id":"{{{Long[..256]}}}"}"""), "must be less than 256 characters" },
        { "default style", Actions("""{"type":"button","text":{"type":"plain_text","text":"x"},"style":"default"}"""), "must be one of: primary, danger" },
        { "mrkdwn button", Actions("""{"type":"button","text":{"type":"mrkdwn","text":"x"}}"""), "must be a plain_text object" },
        { "two of one action_id", Actions(Repeat("""{"type":"button","text":{"type":"plain_text","text":"x"},"action_id":"a"}""", 2)), "`action_id` 'a' is used twice" },
        { "two of one block_id", """[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]""", "`block_id` 'a' is used twice" },
        { "101 options", Actions($$$"""{"type":"static_select","options":[{{{Repeat("""{"text":{"type":"plain_text","text":"x"},"value":"x"}""", 101)}}}]}"""), "no more than 100 items allowed" },
        { "no options", Actions("""{"type":"static_select"}"""), "exactly one of options and option_groups is needed" },
        { "51 blocks", $"[{Repeat("""{"type":"divider"}""", 51)}]", "no more than 50 items allowed [json-pointer:/blocks]" },
        { "text input in actions", Actions("""{"type":"plain_text_input"}"""), "unsupported type: plain_text_input" },
        { "image without alt", """[{"type":"image","image_url":"https://example.com/a.png"}]""", "missing required field: alt_text" },
        { "two tables", """[{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]},{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}]""", "only one table" },
        { "unknown run", """[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"shout","text":"x"}]}]}]""", "unsupported type: shout" },
        { "task of no status", """[{"type":"plan","title":"x","tasks":[{"task_id":"1","title":"x","status":"done"}]}]""", "must be one of: pending, in_progress, complete, error" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_Slack_refuses_is_refused(string what, string blocks, string words)
    {
        var answer = await Form("chat.postMessage", ("channel", General), ("text", what), ("blocks", blocks));
        Error(answer).ShouldBe("invalid_blocks");
        answer.GetProperty("response_metadata").GetProperty("messages")[0].GetString()!.ShouldContain(words);
        Slack.Messages(General).ShouldBeEmpty();
    }

    [Fact]
    public async Task Markdown_blocks_share_one_limit()
    {
        var blocks = new JsonArray(Markdown(6_000), Markdown(6_001));
        Error(await Call("chat.postMessage", new { channel = General, blocks })).ShouldBe("msg_blocks_too_long");
        Error(await Call("chat.postMessage", new { channel = General, blocks = new JsonArray(Markdown(6_000), Markdown(6_000)) })).ShouldBe("ok");
    }

    [Fact]
    public async Task What_Slack_takes_is_taken_and_gets_its_ids()
    {
        var ts = await Post("all", blocks: JsonNode.Parse("""
            [{"type":"header","text":{"type":"plain_text","text":"Title","emoji":true}},
             {"type":"section","text":{"type":"mrkdwn","text":"*Body*","verbatim":true},"expand":true,"accessory":{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"},"url":"https://example.com/",
               "confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"mrkdwn","text":"Really?"},"confirm":{"type":"plain_text","text":"Yes"},"deny":{"type":"plain_text","text":"No"}}}},
             {"type":"divider"},
             {"type":"context","elements":[{"type":"mrkdwn","text":"small"},{"type":"image","image_url":"https://example.com/a.png","alt_text":"a"}]},
             {"type":"markdown","text":"# Heading"},
             {"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}}]}]},{"type":"rich_text_preformatted","elements":[{"type":"text","text":"code"}]}]},
             {"type":"plan","title":"Plan","tasks":[{"task_id":"1","title":"Read","status":"in_progress"}]},
             {"type":"table","rows":[[{"type":"raw_text","text":"a"},{"type":"raw_text","text":"b"}]]},
             {"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"f","positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"good"},"negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"bad"}}]},
             {"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Do"}},{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"One"},"value":"one"}]}]}]
            """));
        var blocks = Slack.Message(General, ts)!.Blocks!.Value;
        blocks.EnumerateArray().Select(b => b.GetProperty("block_id").GetString()).ShouldBeUnique();
        blocks[9].GetProperty("elements")[0].GetProperty("action_id").GetString().ShouldNotBeNullOrEmpty();
    }

    private static JsonObject Markdown(int length) => new() { ["type"] = "markdown", ["text"] = new string('x', length) };

    private static string Actions(string elements) => $$$"""[{"type":"actions","elements":[{{{elements}}}]}]""";

    private static string Repeat(string json, int times) => string.Join(',', Enumerable.Repeat(json, times));
}
