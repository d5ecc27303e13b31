using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>reactions.*</summary>
internal static partial class ReactionMethods
{
    public static JsonObject Add(SlackCallContext call)
    {
        var (channel, ts, name) = Read(call);
        call.Workspace.Change(channel, ts, m => With(m, name, call.Workspace.Bot.Id));
        return [];
    }

    public static JsonObject Remove(SlackCallContext call)
    {
        var (channel, ts, name) = Read(call);
        call.Workspace.Change(channel, ts, m => Without(m, name, call.Workspace.Bot.Id));
        return [];
    }

    public static SlackMessage With(SlackMessage message, string name, string user)
    {
        var i = message.Reactions.FindIndex(r => r.Name == name);
        if (i < 0)
            return message with { Reactions = message.Reactions.Add(new SlackReaction(name, [user])) };
        var reaction = message.Reactions[i];
        return reaction.Users.Contains(user)
            ? throw new SlackRefusal("already_reacted")
            : message with { Reactions = message.Reactions.SetItem(i, reaction with { Users = reaction.Users.Add(user) }) };
    }

    public static SlackMessage Without(SlackMessage message, string name, string user)
    {
        var i = message.Reactions.FindIndex(r => r.Name == name && r.Users.Contains(user));
        if (i < 0)
            throw new SlackRefusal("no_reaction");
        var users = message.Reactions[i].Users.Remove(user);
        return message with { Reactions = users.IsEmpty ? message.Reactions.RemoveAt(i) : message.Reactions.SetItem(i, new SlackReaction(name, users)) };
    }

    private static (string Channel, string Ts, string Name) Read(SlackCallContext call)
    {
        var channel = call.Open();
        var ts = call.Args.Required("timestamp");
        var name = call.Args.Required("name");
        if (!Shape().IsMatch(name) || !Emoji.IsKnown(name.Split("::")[0], call.Workspace.Options.CustomEmoji))
            throw new SlackRefusal("invalid_name");
        ChatMethods.Find(call, channel, ts);
        return (channel.Id, ts, name);
    }

    [GeneratedRegex("^[a-z0-9_+'-]+(::skin-tone-[2-6])?$")]
    private static partial Regex Shape();
}
