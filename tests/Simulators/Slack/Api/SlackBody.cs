using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.State;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Slack.Api;

/// <summary>Reads the arguments of a call.</summary>
internal static class SlackBody
{
    /// <summary>Methods that take no JSON body.</summary>
    private static readonly HashSet<string> FormOnly = new(StringComparer.Ordinal)
    {
        "conversations.replies", "conversations.info", "conversations.list", "conversations.members", "users.info", "users.lookupByEmail", "chat.getPermalink",
    };

    /// <exception cref="SlackRefusal">The body cannot be read.</exception>
    public static async Task<SlackArgs> Read(HttpRequest request, string method)
    {
        var values = new JsonObject();
        foreach (var (name, value) in request.Query)
            values[name] = value.ToString();
        if (request.HasFormContentType)
        {
            foreach (var (name, value) in await request.ReadFormAsync(request.HttpContext.RequestAborted))
                values[name] = value.ToString();
        }
        else if (request.HasJsonContentType())
        {
            if (!FormOnly.Contains(method))
                await ReadJson(request, values);
        }
        else if (request.ContentLength > 0)
        {
            throw new SlackRefusal(request.ContentType is null ? "missing_post_type" : "invalid_post_type");
        }

        return new SlackArgs(values);
    }

    private static async Task ReadJson(HttpRequest request, JsonObject values)
    {
        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException)
        {
            throw new SlackRefusal("invalid_json");
        }

        foreach (var (name, value) in body as JsonObject ?? throw new SlackRefusal("json_not_object"))
            values[name] = value?.DeepClone();
    }
}
