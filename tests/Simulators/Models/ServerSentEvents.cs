using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models;

internal static class ServerSentEvents
{
    public static async Task Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        await response.StartAsync(response.HttpContext.RequestAborted);
    }

    public static Task Send(HttpResponse response, JsonNode data, string? name = null) => Send(response, data.ToJsonString(), name);

    public static async Task Send(HttpResponse response, string data, string? name = null)
    {
        await response.WriteAsync(name is null ? $"data: {data}\n\n" : $"event: {name}\ndata: {data}\n\n", response.HttpContext.RequestAborted);
        await response.Body.FlushAsync(response.HttpContext.RequestAborted);
    }
}
