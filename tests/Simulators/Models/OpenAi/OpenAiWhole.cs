using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.OpenAi;

/// <summary>A chat completion in one piece.</summary>
internal sealed class OpenAiWhole(HttpResponse response, ModelRequest request, long created) : IReplyWriter
{
    private readonly StringBuilder _text = new();
    private readonly JsonArray _calls = [];

    public Task Start(ModelUsage estimate) => Task.CompletedTask;

    public Task Text(string piece)
    {
        _text.Append(piece);
        return Task.CompletedTask;
    }

    public Task Call(string id, string name, string arguments)
    {
        _calls.Add(new JsonObject
        {
            ["id"] = id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
        });
        return Task.CompletedTask;
    }

    public Task Finish(ModelUsage usage)
    {
        var called = _calls.Count > 0;
        var message = new JsonObject { ["role"] = "assistant", ["content"] = called && _text.Length == 0 ? null : _text.ToString(), ["refusal"] = null };
        if (called)
            message["tool_calls"] = _calls;
        response.ContentType = "application/json";
        return response.WriteAsync(new JsonObject
        {
            ["id"] = $"chatcmpl-{Guid.NewGuid():N}",
            ["object"] = "chat.completion",
            ["created"] = created,
            ["model"] = request.Model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = message,
                ["logprobs"] = null,
                ["finish_reason"] = called ? "tool_calls" : "stop",
            }),
            ["usage"] = OpenAiProtocol.Usage(usage),
        }.ToJsonString(), response.HttpContext.RequestAborted);
    }
}
