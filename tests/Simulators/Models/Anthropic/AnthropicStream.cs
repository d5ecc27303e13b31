using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.Anthropic;

/// <summary>A message as events.</summary>
internal sealed class AnthropicStream(HttpResponse response, ModelRequest request) : IReplyWriter
{
    private int _index = -1;
    private bool _inText;
    private bool _called;

    public async Task Start(ModelUsage estimate)
    {
        await ServerSentEvents.Begin(response);
        await Send("message_start", new JsonObject
        {
            ["message"] = AnthropicProtocol.Message(request, [], null, AnthropicProtocol.Usage(estimate, 1)),
        });
        await Send("ping", []);
    }

    public async Task Text(string piece)
    {
        if (!_inText)
        {
            _inText = true;
            await Open(new JsonObject { ["type"] = "text", ["text"] = "" });
        }

        await Delta(new JsonObject { ["type"] = "text_delta", ["text"] = piece });
    }

    public async Task Call(string id, string name, string arguments)
    {
        await CloseText();
        _called = true;
        await Open(new JsonObject { ["type"] = "tool_use", ["id"] = id, ["name"] = name, ["input"] = new JsonObject() });
        await Delta(new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = "" });
        foreach (var piece in arguments.Chunk(24))
            await Delta(new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = new string(piece) });
        await Close();
    }

    public async Task Finish(ModelUsage usage)
    {
        await CloseText();
        await Send("message_delta", new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = _called ? "tool_use" : "end_turn", ["stop_sequence"] = null },
            ["usage"] = AnthropicProtocol.Usage(usage, usage.Output),
        });
        await Send("message_stop", []);
    }

    private async Task CloseText()
    {
        if (_inText)
            await Close();
        _inText = false;
    }

    private Task Open(JsonObject block) =>
        Send("content_block_start", new JsonObject { ["index"] = ++_index, ["content_block"] = block });

    private Task Delta(JsonObject delta) => Send("content_block_delta", new JsonObject { ["index"] = _index, ["delta"] = delta });

    private Task Close() => Send("content_block_stop", new JsonObject { ["index"] = _index });

    private Task Send(string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        return ServerSentEvents.Send(response, data, type);
    }
}
