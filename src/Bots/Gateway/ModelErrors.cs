using System.Text.Json.Nodes;
using Bots.Engine.Models;

namespace Bots.Gateway;

/// <summary>The gateway's own refusals, in the shape the caller's SDK expects from its provider.</summary>
internal static class ModelErrors
{
    public static Task Write(HttpContext context, ModelKind kind, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Body(kind, status, message).ToJsonString(), context.RequestAborted);
    }

    public static JsonObject Body(ModelKind kind, int status, string message) => kind switch
    {
        ModelKind.Anthropic => new JsonObject
        {
            ["type"] = "error",
            ["error"] = new JsonObject { ["type"] = AnthropicType(status), ["message"] = message },
        },
        _ => new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = message,
                ["type"] = status >= 500 ? "server_error" : "invalid_request_error",
                ["param"] = null,
                ["code"] = OpenAICode(status),
            },
        },
    };

    private static string AnthropicType(int status) => status switch
    {
        400 or 415 => "invalid_request_error",
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        _ => "api_error",
    };

    private static string? OpenAICode(int status) => status switch
    {
        401 => "invalid_api_key",
        404 => "not_found",
        429 => "rate_limit_exceeded",
        502 => "upstream_unreachable",
        _ => null,
    };
}
