using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Models;

namespace Bots.Simulators.Tests.Models;

/// <summary>Asks the simulator as an agent would.</summary>
internal sealed class ModelClient(ModelSimulator simulator) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = simulator.BaseUrl };

    public string? Key { get; init; } = simulator.ApiKey;

    public async Task<HttpResponseMessage> Send(string path, JsonNode body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (Key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        if (path.Contains("messages", StringComparison.Ordinal))
            request.Headers.Add("anthropic-version", "2023-06-01");
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public async Task<(int Status, string Body, TimeSpan? RetryAfter)> Post(string path, JsonNode body)
    {
        using var response = await Send(path, body, CancellationToken.None);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.RetryAfter?.Delta);
    }

    public async Task<JsonElement> Ask(string path, JsonNode body)
    {
        return JsonSerializer.Deserialize<JsonElement>((await Post(path, body)).Body);
    }

    /// <summary>The data of each event of a stream.</summary>
    public async Task<List<string>> Stream(string path, JsonNode body)
    {
        var (_, text, _) = await Post(path, body);
        return [.. text.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l[6..])];
    }

    public void Dispose() => _http.Dispose();

    public static JsonObject Chat(string prompt, bool stream = false, string tools = "read") => new()
    {
        ["model"] = "scripted",
        ["stream"] = stream,
        ["messages"] = new JsonArray(Message("user", prompt)),
        ["tools"] = new JsonArray([.. tools.Split(',').Select(t => new JsonObject
        {
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = t, ["parameters"] = new JsonObject { ["type"] = "object" } },
        })]),
    };

    public static JsonObject Claude(string prompt, bool stream = false) => new()
    {
        ["model"] = "scripted",
        ["max_tokens"] = 1000,
        ["stream"] = stream,
        ["messages"] = new JsonArray(Message("user", prompt)),
        ["tools"] = new JsonArray(new JsonObject { ["name"] = "read", ["input_schema"] = new JsonObject { ["type"] = "object" } }),
    };

    public static JsonObject Message(string role, string text) => new() { ["role"] = role, ["content"] = text };

    public static JsonObject CallMessage(string id) => new()
    {
        ["role"] = "assistant",
        ["content"] = null,
        ["tool_calls"] = new JsonArray(new JsonObject
        {
            ["id"] = id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = "read", ["arguments"] = "{}" },
        }),
    };

    public static JsonObject ResultMessage(string id, string text) => new() { ["role"] = "tool", ["tool_call_id"] = id, ["content"] = text };
}
