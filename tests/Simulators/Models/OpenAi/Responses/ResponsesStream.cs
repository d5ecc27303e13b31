using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.OpenAi.Responses;

/// <summary>A response as numbered events: each item added, filled and done, and the whole at the end.</summary>
internal sealed class ResponsesStream(HttpResponse response, ResponseObject made) : IReplyWriter
{
    private int _number;
    private string? _message;
    private string _text = "";

    public async Task Start(ModelUsage estimate)
    {
        await ServerSentEvents.Begin(response);
        await Send("response.created", new() { ["response"] = made.Show("in_progress", null) });
        await Send("response.in_progress", new() { ["response"] = made.Show("in_progress", null) });
    }

    public async Task Text(string piece)
    {
        if (_message is null)
        {
            _message = $"msg_{Guid.NewGuid():N}";
            await Item("response.output_item.added", ResponseObject.Message(_message, null));
            await Part("response.content_part.added", new() { ["part"] = ResponseObject.Part("") });
        }

        _text += piece;
        await Part("response.output_text.delta", new() { ["delta"] = piece, ["logprobs"] = new JsonArray() });
    }

    public async Task Call(string id, string name, string arguments)
    {
        await CloseText();
        var (item, custom) = ($"{(made.IsCustom(name) ? "ctc" : "fc")}_{Guid.NewGuid():N}", made.IsCustom(name));
        var (kind, field) = custom ? ("response.custom_tool_call_input", "input") : ("response.function_call_arguments", "arguments");
        var whole = custom ? ResponsesWhole.Input(arguments) : arguments;
        await Item("response.output_item.added", made.Call(item, id, name, null));
        foreach (var piece in whole.Chunk(24)) await Send($"{kind}.delta", new() { ["item_id"] = item, ["output_index"] = made.Count, ["delta"] = new string(piece) });
        await Send($"{kind}.done", new() { ["item_id"] = item, ["output_index"] = made.Count, [field] = whole });
        await Done(made.Call(item, id, name, whole));
    }

    public async Task Finish(ModelUsage usage)
    {
        await CloseText();
        await Send("response.completed", new() { ["response"] = made.Show("completed", usage) });
    }

    private async Task CloseText()
    {
        if (_message is null) return;
        await Part("response.output_text.done", new() { ["text"] = _text, ["logprobs"] = new JsonArray() });
        await Part("response.content_part.done", new() { ["part"] = ResponseObject.Part(_text) });
        await Done(ResponseObject.Message(_message, _text));
        (_message, _text) = (null, "");
    }

    private async Task Done(JsonObject item)
    {
        await Item("response.output_item.done", item);
        made.Add(item);
    }

    private Task Item(string type, JsonObject item) => Send(type, new() { ["output_index"] = made.Count, ["item"] = item.DeepClone() });

    private Task Part(string type, JsonObject data)
    {
        (data["item_id"], data["output_index"], data["content_index"]) = (_message, made.Count, 0);
        return Send(type, data);
    }

    private Task Send(string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        data["sequence_number"] = _number++;
        return ServerSentEvents.Send(response, data, type);
    }
}
