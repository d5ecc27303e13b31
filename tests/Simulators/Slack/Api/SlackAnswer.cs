using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Slack.Api;

/// <summary>Writes answers of the Web API and returns what it wrote.</summary>
internal sealed class SlackAnswer(HttpContext context)
{
    public Task<string> Send(JsonObject body)
    {
        if (context.Request.ContentType is { } type && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) && !type.Contains("charset", StringComparison.OrdinalIgnoreCase))
            body["warning"] = "missing_charset";
        context.Response.Headers["x-oauth-scopes"] = "app_mentions:read,assistant:write,channels:history,channels:read,chat:write,commands,groups:history,groups:read,im:history,im:read,im:write,mpim:history,mpim:read,reactions:read,reactions:write,users:read,users:read.email";
        return Write(200, "application/json; charset=utf-8", body.ToJsonString());
    }

    /// <summary>Half of the body, and then nothing any more.</summary>
    public Task SendHalf(JsonObject body)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return HalfAnswer.Send(context, Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    public Task<string> SendStatus(int status) => Write(status, "text/html", $"<html><body>{status}</body></html>");

    public Task<string> SendTooMany(TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString();
        return Write(429, "application/json; charset=utf-8", """{"ok":false,"error":"ratelimited"}""");
    }

    private async Task<string> Write(int status, string type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body, context.RequestAborted);
        return body;
    }
}
