using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models.OpenAi.Responses;

/// <summary>OpenAI's responses: items in, items out.</summary>
internal sealed class ResponsesProtocol(TimeProvider time) : IModelProtocol
{
    public ModelRequest Parse(JsonElement body, IHeaderDictionary headers) => ResponsesRequestParser.Parse(body);

    public IReplyWriter Reply(HttpResponse response, ModelRequest request)
    {
        var made = new ResponseObject(request, time.GetUtcNow().ToUnixTimeSeconds());
        return request.Stream ? new ResponsesStream(response, made) : new ResponsesWhole(response, made);
    }

    public string Error(ModelRefusal refusal) => new JsonObject
    {
        ["error"] = new JsonObject { ["message"] = refusal.Message, ["type"] = refusal.Type, ["param"] = refusal.Parameter, ["code"] = refusal.Code },
    }.ToJsonString();
}
