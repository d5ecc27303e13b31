using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.OpenAi;

/// <summary>A chat completion as chunks. Usage is told only where the request asked for it.</summary>
internal sealed class OpenAiStream(HttpResponse response, ModelRequest request, long created) : IReplyWriter
{
    private readonly string _id = $"chatcmpl-{Guid.NewGuid():N}";
    private int _calls;

    public async Task Start(ModelUsage estimate)
    {
        await ServerSentEvents.Begin(response);
        await Send(new JsonObject { ["role"] = "assistant", ["content"] = "" });
    }

    public Task Text(string piece) => Send(new JsonObject { ["content"] = piece });

    public async Task Call(string id, string name, string arguments)
    {
        var index = _calls++;
        await SendCall(new JsonObject
        {
            ["index"] = index,
            ["id"] = id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = name, ["arguments"] = "" },
        });
        foreach (var piece in arguments.Chunk(24))
            await SendCall(new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = new string(piece) } });
    }

    public async Task Finish(ModelUsage usage)
    {
        await Send([], _calls > 0 ? "tool_calls" : "stop");
        if (request.IncludeUsage)
            await ServerSentEvents.Send(response, Chunk([], OpenAiProtocol.Usage(usage)));
        await ServerSentEvents.Send(response, "[DONE]");
    }

    private Task SendCall(JsonObject call) => Send(new JsonObject { ["tool_calls"] = new JsonArray(call) });

    private Task Send(JsonObject delta, string? finish = null) => ServerSentEvents.Send(response, Chunk(
        [new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish }], null));

    private JsonObject Chunk(JsonArray choices, JsonObject? usage)
    {
        var chunk = new JsonObject
        {
            ["id"] = _id,
            ["object"] = "chat.completion.chunk",
            ["created"] = created,
            ["model"] = request.Model,
            ["choices"] = choices,
        };
        if (request.IncludeUsage)
            chunk["usage"] = usage;
        return chunk;
    }
}
