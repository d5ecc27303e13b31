using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Events;

/// <summary>The challenge an events URL must answer.</summary>
internal static class UrlVerification
{
    public static async Task<bool> Run(EventSender sender)
    {
        var challenge = SlackIds.Secret(52);
        var body = new JsonObject { ["token"] = "legacy-verification-token", ["challenge"] = challenge, ["type"] = "url_verification" };
        var answer = await sender.Deliver(new SlackEvent("", "url_verification", body.ToJsonString()), 0, null, null, null);
        return answer is { Status: 200 } && (answer.Body.Trim() == challenge || FromJson(answer.Body) == challenge);
    }

    private static string? FromJson(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["challenge"]?.GetValue<string>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
