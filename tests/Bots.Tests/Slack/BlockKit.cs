using System.Text.Json;
using System.Text.RegularExpressions;
using Bots.Engine.Surfaces;

namespace Bots.Tests.Slack;

/// <summary>Slack's limits, as its documentation states them.</summary>
internal static partial class BlockKit
{
    public static void ShouldBeValid(SurfaceMessage message)
    {
        var content = JsonDocument.Parse(message.Content).RootElement;
        if (content.GetProperty("kind").GetString() != "message") return;
        content.GetProperty("text").GetString()!.Length.ShouldBeInRange(1, 4000, message.Key);
        ShouldMentionOnlyPeople(content.GetProperty("text").GetString()!);
        var blocks = content.GetProperty("blocks").EnumerateArray().ToList();
        blocks.Count.ShouldBeInRange(1, 50, message.Key);
        blocks.Sum(Length).ShouldBeLessThan(13_000, message.Key);
        foreach (var block in blocks) ShouldBeValidBlock(block);
        Ids(blocks, "block_id").ShouldBeUnique();
    }

    public static void ShouldBeValidModal(JsonElement view)
    {
        view.GetProperty("type").GetString().ShouldBe("modal");
        foreach (var part in (string[])["title", "submit", "close"]) Text(view.GetProperty(part), "plain_text", 24);
        view.GetProperty("private_metadata").GetString()!.Length.ShouldBeLessThanOrEqualTo(3000);
        view.GetProperty("callback_id").GetString()!.Length.ShouldBeInRange(1, 255);
        foreach (var block in view.GetProperty("blocks").EnumerateArray()) ShouldBeValidBlock(block);
    }

    private static int Length(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(p => p is { Name: "text", Value.ValueKind: JsonValueKind.String } ? p.Value.GetString()!.Length : Length(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(Length),
        _ => 0,
    };

    private static void ShouldBeValidBlock(JsonElement block)
    {
        if (block.TryGetProperty("block_id", out var id)) id.GetString()!.Length.ShouldBeInRange(1, 255);
        switch (block.GetProperty("type").GetString())
        {
            case "section":
                Text(block.GetProperty("text"), "mrkdwn", 3000);
                break;
            case "context":
                block.GetProperty("elements").GetArrayLength().ShouldBeInRange(1, 10);
                foreach (var element in block.GetProperty("elements").EnumerateArray()) Text(element, "mrkdwn", 3000);
                break;
            case "actions":
                var elements = block.GetProperty("elements").EnumerateArray().ToList();
                elements.Count.ShouldBeInRange(1, 25);
                Ids(elements, "action_id").ShouldBeUnique();
                foreach (var element in elements) ShouldBeValidElement(element);
                break;
            case "input":
                Text(block.GetProperty("label"), "plain_text", 2000);
                ShouldBeValidElement(block.GetProperty("element"));
                break;
            case var other:
                other.ShouldBe("a block type we use");
                break;
        }
    }

    private static void ShouldBeValidElement(JsonElement element)
    {
        element.GetProperty("action_id").GetString()!.Length.ShouldBeInRange(1, 255);
        switch (element.GetProperty("type").GetString())
        {
            case "button":
                Text(element.GetProperty("text"), "plain_text", 75);
                if (element.TryGetProperty("value", out var value)) value.GetString()!.Length.ShouldBeInRange(1, 2000);
                if (element.TryGetProperty("url", out var url)) url.GetString()!.Length.ShouldBeInRange(1, 3000);
                if (element.TryGetProperty("style", out var style)) style.GetString().ShouldBeOneOf("primary", "danger");
                break;
            case "static_select":
                Text(element.GetProperty("placeholder"), "plain_text", 150);
                element.GetProperty("options").GetArrayLength().ShouldBeInRange(1, 100);
                foreach (var option in element.GetProperty("options").EnumerateArray())
                {
                    Text(option.GetProperty("text"), "plain_text", 75);
                    option.GetProperty("value").GetString()!.Length.ShouldBeInRange(1, 75);
                    if (option.TryGetProperty("description", out var description)) Text(description, "plain_text", 75);
                }

                break;
            case "plain_text_input":
                element.GetProperty("max_length").GetInt32().ShouldBeInRange(1, 3000);
                break;
            case var other:
                other.ShouldBe("an element type we use");
                break;
        }
    }

    private static void Text(JsonElement text, string type, int limit)
    {
        text.GetProperty("type").GetString().ShouldBe(type);
        var value = text.GetProperty("text").GetString()!;
        value.Length.ShouldBeInRange(1, limit);
        value.Trim().ShouldNotBeEmpty();
        if (type != "mrkdwn") return;
        text.GetProperty("verbatim").GetBoolean().ShouldBeTrue();
        ShouldMentionOnlyPeople(value);
        value.Split('\n').Count(l => l == "```").ShouldSatisfyAllConditions(n => (n % 2).ShouldBe(0, value));
    }

    /// <summary>Everything in angle brackets is a web link, a date, or a mention of a user that we made.</summary>
    public static void ShouldMentionOnlyPeople(string mrkdwn, string allowed = "UANA|UBEN")
    {
        var rest = Tokens().Replace(mrkdwn, "");
        Regex.Replace(rest, $"<@({allowed})>", "").ShouldNotContain("<");
        Ampersands().Matches(mrkdwn).ShouldBeEmpty(mrkdwn);
    }

    private static List<string> Ids(IEnumerable<JsonElement> elements, string name) =>
        [.. elements.Where(e => e.TryGetProperty(name, out _)).Select(e => e.GetProperty(name).GetString()!)];

    [GeneratedRegex(@"<(https?://[^<>|\s]+|mailto:[^<>|\s]+|!date\^\d+\^\{time\})(\|[^<>\n]*)?>")]
    private static partial Regex Tokens();

    [GeneratedRegex("&(?!(amp|lt|gt);)")]
    private static partial Regex Ampersands();
}
