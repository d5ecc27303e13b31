using System.Text.Json.Nodes;

namespace Bots.Simulators.Slack.Api;

/// <summary>Every method there is.</summary>
internal static class SlackMethods
{
    private static readonly Dictionary<string, Func<SlackCallContext, JsonObject>> All = new(StringComparer.Ordinal)
    {
        ["auth.test"] = UserMethods.AuthTest,
        ["chat.postMessage"] = ChatMethods.PostMessage,
        ["chat.update"] = ChatMethods.Update,
        ["chat.delete"] = ChatMethods.Delete,
        ["chat.postEphemeral"] = ChatMethods.PostEphemeral,
        ["chat.getPermalink"] = ChatMethods.GetPermalink,
        ["reactions.add"] = ReactionMethods.Add,
        ["reactions.remove"] = ReactionMethods.Remove,
        ["conversations.info"] = ConversationMethods.Info,
        ["conversations.list"] = ConversationMethods.List,
        ["conversations.members"] = ConversationMethods.Members,
        ["conversations.open"] = ConversationMethods.Open,
        ["conversations.history"] = HistoryMethods.History,
        ["conversations.replies"] = HistoryMethods.Replies,
        ["users.info"] = UserMethods.Info,
        ["users.lookupByEmail"] = UserMethods.LookupByEmail,
        ["views.open"] = ViewMethods.Open,
        ["views.push"] = ViewMethods.Push,
        ["views.update"] = ViewMethods.Update,
        ["assistant.threads.setStatus"] = AssistantMethods.SetStatus,
    };

    public static Func<SlackCallContext, JsonObject>? Find(string method, SlackSimulatorOptions options) =>
        method.StartsWith("assistant.", StringComparison.Ordinal) && !options.SupportsAssistant ? null : All.GetValueOrDefault(method);
}
