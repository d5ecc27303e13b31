using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Bots.Engine.Agents;

/// <summary>JSON-RPC 2.0 as ACP uses it: one message per line.</summary>
internal static partial class Rpc
{
    public static string Request(long id, string method, JsonNode parameters) =>
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString();

    public static string Notification(string method, JsonNode parameters) =>
        new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = parameters }.ToJsonString();

    /// <param name="id">The request's id as JSON: the agent's own, number or string.</param>
    public static string Result(string id, JsonNode result) =>
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(id), ["result"] = result }.ToJsonString();

    public static string Error(string id, int code, string message) =>
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(id), ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }.ToJsonString();

    /// <summary>Reads a line. A line that is no JSON-RPC message (a stray log line) is null.</summary>
    public static RpcMessage? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutHalves(line));
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object) return null;
            var id = root.TryGetProperty("id", out var value) && value.ValueKind != JsonValueKind.Null ? value.GetRawText() : null;
            var parameters = root.TryGetProperty("params", out var p) ? p : default;
            if (root.TryGetProperty("method", out _))
            {
                if (root.Find("method") is not { } method) return null;
                return id is null ? new RpcMessage.Notification(method, parameters) : new RpcMessage.Request(id, method, parameters);
            }

            if (id is null) return null;
            if (root.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null) return new RpcMessage.Error(id, Text(error));
            return new RpcMessage.Result(id, root.TryGetProperty("result", out var result) ? result : default);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// An agent that streams may cut a character outside the basic plane in two and send each half, escaped, in a message of its own.
    /// No reader takes half a character, so each becomes U+FFFD.
    /// </summary>
    private static string WithoutHalves(string line) => line.Contains("\\ud", StringComparison.OrdinalIgnoreCase)
        ? Escape().Replace(line, escape => escape.Length == HalfLength ? "\\ufffd" : escape.Value)
        : line;

    private const int HalfLength = 6;

    /// <summary>A whole pair, a half, or any other escape: each consumed, so that none is taken for the beginning of another.</summary>
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)")]
    private static partial Regex Escape();

    private static string Text(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object) return error.ToString();
        var message = error.TryGetProperty("message", out var m) ? m.ToString() : "unknown error";
        var detail = error.TryGetProperty("data", out var data) ? data.Find("message") ?? data.Find("details") : null;
        return detail is null || message.Contains(detail, StringComparison.Ordinal) ? message : $"{message}: {detail}";
    }
}

internal abstract record RpcMessage
{
    private RpcMessage()
    {
    }

    public sealed record Request(string Id, string Method, JsonElement Params) : RpcMessage;

    public sealed record Notification(string Method, JsonElement Params) : RpcMessage;

    public sealed record Result(string Id, JsonElement Value) : RpcMessage;

    public sealed record Error(string Id, string Message) : RpcMessage;
}

internal static class JsonElements
{
    /// <summary>A property's text; null when it is absent, null or not text.</summary>
    public static string? Find(this JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A property; undefined when it is absent.</summary>
    public static JsonElement At(this JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) ? value : default;

    /// <summary>An array's items; none when it is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];
}
