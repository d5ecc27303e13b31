using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>assistant.threads.setStatus</summary>
internal static class AssistantMethods
{
    public static JsonObject SetStatus(SlackCallContext call)
    {
        var channel = call.Open("channel_id");
        var thread = call.Args.Required("thread_ts");
        var status = call.Args.Text("status") ?? throw new SlackRefusal("invalid_arguments", "[ERROR] missing required field: status");
        if (call.Args.Json("loading_messages", "invalid_arguments") is { } messages && (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() is < 1 or > 10))
            throw new SlackRefusal("invalid_arguments", "[ERROR] no more than 10 items allowed [json-pointer:/loading_messages]");
        if (call.Workspace.Find(channel.Id, thread) is not { IsReply: false })
            throw new SlackRefusal("invalid_thread_ts");
        call.Workspace.SetStatus(channel.Id, thread, status);
        return [];
    }
}
