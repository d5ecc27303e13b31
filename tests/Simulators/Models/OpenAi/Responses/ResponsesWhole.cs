using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.OpenAi.Responses;

/// <summary>A response in one piece.</summary>
internal sealed class ResponsesWhole(HttpResponse response, ResponseObject made) : IReplyWriter
{
    private string _text = "";

    public Task Start(ModelUsage estimate) => Task.CompletedTask;

    public Task Text(string piece)
    {
        _text += piece;
        return Task.CompletedTask;
    }

    public Task Call(string id, string name, string arguments)
    {
        CloseText();
        made.Add(made.Call($"fc_{Guid.NewGuid():N}", id, name, made.IsCustom(name) ? Input(arguments) : arguments));
        return Task.CompletedTask;
    }

    public Task Finish(ModelUsage usage)
    {
        CloseText();
        response.ContentType = "application/json";
        return response.WriteAsync(made.Show("completed", usage).ToJsonString(), response.HttpContext.RequestAborted);
    }

    /// <summary>A custom tool takes text: the script gives it as a JSON string.</summary>
    internal static string Input(string arguments) => JsonNode.Parse(arguments)!.GetValue<string>();

    private void CloseText()
    {
        if (_text.Length > 0) made.Add(ResponseObject.Message($"msg_{Guid.NewGuid():N}", _text));
        _text = "";
    }
}
