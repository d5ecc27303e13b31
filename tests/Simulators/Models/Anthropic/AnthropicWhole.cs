using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.Anthropic;

/// <summary>A message in one piece.</summary>
internal sealed class AnthropicWhole(HttpResponse response, ModelRequest request) : IReplyWriter
{
    private readonly JsonArray _content = [];
    private string _text = "";
    private bool _called;

    public Task Start(ModelUsage estimate) => Task.CompletedTask;

    public Task Text(string piece)
    {
        _text += piece;
        return Task.CompletedTask;
    }

    public Task Call(string id, string name, string arguments)
    {
        CloseText();
        _called = true;
        _content.Add(new JsonObject { ["type"] = "tool_use", ["id"] = id, ["name"] = name, ["input"] = JsonNode.Parse(arguments) });
        return Task.CompletedTask;
    }

    public Task Finish(ModelUsage usage)
    {
        CloseText();
        response.ContentType = "application/json";
        var message = AnthropicProtocol.Message(request, _content, _called ? "tool_use" : "end_turn", AnthropicProtocol.Usage(usage, usage.Output));
        return response.WriteAsync(message.ToJsonString(), response.HttpContext.RequestAborted);
    }

    private void CloseText()
    {
        if (_text.Length > 0)
            _content.Add(new JsonObject { ["type"] = "text", ["text"] = _text });
        _text = "";
    }
}
