using System.Text.Json.Nodes;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>conversations.*, apart from those that read messages.</summary>
internal static class ConversationMethods
{
    public static JsonObject Info(SlackCallContext call)
    {
        var channel = call.Channel();
        var json = ChannelJson(call, channel);
        if (call.Args.Flag("include_num_members"))
            json["num_members"] = channel.Members.Count;
        return new JsonObject { ["channel"] = json };
    }

    public static JsonObject Open(SlackCallContext call)
    {
        if (call.Args.Text("channel") is { Length: > 0 })
            return new JsonObject { ["channel"] = new JsonObject { ["id"] = call.Joined().Id } };
        var users = call.Args.Text("users")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (users.Length == 0)
            throw new SlackRefusal("users_list_not_supplied");
        if (users.Length > 8)
            throw new SlackRefusal("too_many_users");
        if (users.Any(u => call.Workspace.User(u) is null || u == call.Workspace.Bot.Id))
            throw new SlackRefusal("user_not_found");
        if (users.Any(u => call.Workspace.User(u)!.IsDeactivated))
            throw new SlackRefusal("user_disabled");
        var channel = call.Workspace.Direct(users);
        return new JsonObject { ["channel"] = call.Args.Flag("return_im") ? ChannelJson(call, channel) : new JsonObject { ["id"] = channel.Id } };
    }

    public static JsonObject Members(SlackCallContext call)
    {
        var channel = call.Channel();
        var page = Page.Of(call, channel.Members, fallback: 100, max: 1000);
        return new JsonObject
        {
            ["members"] = new JsonArray([.. page.Items.Select(m => JsonValue.Create(m))]),
            ["response_metadata"] = new JsonObject { ["next_cursor"] = page.Next },
        };
    }

    public static JsonObject List(SlackCallContext call)
    {
        var types = (call.Args.Text("types") ?? "public_channel").Split(',', StringSplitOptions.TrimEntries);
        if (types.Except(["public_channel", "private_channel", "im", "mpim"]).Any())
            throw new SlackRefusal("invalid_types");
        var bot = call.Workspace.Bot.Id;
        var channels = call.Workspace.Channels
            .Where(c => types.Contains(TypeOf(c)) && (c.Kind == SlackChannelKind.Public || c.Members.Contains(bot)))
            .Where(c => !c.IsArchived || !call.Args.Flag("exclude_archived"))
            .ToList();
        var page = Page.Of(call, channels, fallback: 100, max: 999);
        return new JsonObject
        {
            ["channels"] = new JsonArray([.. page.Items.Select(c => ChannelJson(call, c))]),
            ["response_metadata"] = new JsonObject { ["next_cursor"] = page.Next },
        };
    }

    private static string TypeOf(SlackChannel channel) => channel.Kind switch
    {
        SlackChannelKind.Public => "public_channel",
        SlackChannelKind.Private => "private_channel",
        SlackChannelKind.Direct => "im",
        _ => "mpim",
    };

    private static JsonObject ChannelJson(SlackCallContext call, SlackChannel channel)
    {
        var json = new JsonObject
        {
            ["id"] = channel.Id,
            ["is_im"] = channel.Kind == SlackChannelKind.Direct,
            ["is_archived"] = channel.IsArchived,
            ["context_team_id"] = call.Workspace.Options.TeamId,
        };
        if (channel.Kind == SlackChannelKind.Direct)
        {
            json["user"] = channel.Members.First(m => m != call.Workspace.Bot.Id);
            return json;
        }

        json["name"] = channel.Name;
        json["is_channel"] = channel.Kind == SlackChannelKind.Public;
        json["is_group"] = channel.Kind == SlackChannelKind.Private;
        json["is_mpim"] = channel.Kind == SlackChannelKind.Group;
        json["is_private"] = channel.Kind != SlackChannelKind.Public;
        json["is_ext_shared"] = false;
        json["is_member"] = channel.Members.Contains(call.Workspace.Bot.Id);
        json["topic"] = new JsonObject { ["value"] = "", ["creator"] = "", ["last_set"] = 0 };
        json["purpose"] = new JsonObject { ["value"] = "", ["creator"] = "", ["last_set"] = 0 };
        return json;
    }
}
