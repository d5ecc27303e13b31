using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Answers of the API.</summary>
internal static class Answer
{
    public static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task Ok(HttpContext http, JsonNode body, int status = StatusCodes.Status200OK) =>
        Text(http, body.ToJsonString(Json), "application/json; charset=utf-8", status);

    public static Task Created(HttpContext http, JsonObject body)
    {
        if (body["url"]?.GetValue<string>() is { } url) http.Response.Headers.Location = url;
        return Ok(http, body, StatusCodes.Status201Created);
    }

    public static Task NoContent(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public static Task Text(HttpContext http, string text, string type, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    /// <summary>One page of a list, with its <c>Link</c> header.</summary>
    /// <param name="wrap">Puts the page into an object; null answers with the bare array.</param>
    public static Task Page<T>(HttpContext http, IReadOnlyList<T> all, Func<T, JsonNode> render, Func<JsonArray, JsonObject>? wrap = null)
    {
        var paging = Paging.Of(http.Request);
        var page = new JsonArray([.. all.Skip((paging.Page - 1) * paging.Size).Take(paging.Size).Select(render)]);
        if (paging.Links(http.Request, all.Count) is { Length: > 0 } links) http.Response.Headers.Link = links;
        return Ok(http, wrap is null ? page : wrap(page));
    }
}
