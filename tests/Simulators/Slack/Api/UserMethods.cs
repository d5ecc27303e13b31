using System.Text.Json.Nodes;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Api;

/// <summary>auth.test and users.*</summary>
internal static class UserMethods
{
    public static JsonObject AuthTest(SlackCallContext call) => new()
    {
        ["url"] = $"https://{call.Workspace.Options.TeamDomain}.slack.com/",
        ["team"] = call.Workspace.Options.TeamDomain,
        ["user"] = call.Workspace.Bot.Name,
        ["team_id"] = call.Workspace.Options.TeamId,
        ["user_id"] = call.Workspace.Bot.Id,
        ["bot_id"] = call.Workspace.Options.BotId,
        ["is_enterprise_install"] = false,
    };

    public static JsonObject Info(SlackCallContext call) =>
        new() { ["user"] = UserJson(call, call.Workspace.User(call.Args.Required("user")) ?? throw new SlackRefusal("user_not_found")) };

    public static JsonObject LookupByEmail(SlackCallContext call)
    {
        var email = call.Args.Required("email");
        return new JsonObject
        {
            ["user"] = UserJson(call, call.Workspace.Users.FirstOrDefault(u => u.Email.Length > 0 && string.Equals(u.Email, email, StringComparison.OrdinalIgnoreCase)) ?? throw new SlackRefusal("users_not_found")),
        };
    }

    private static JsonObject UserJson(SlackCallContext call, SlackUser user) => new()
    {
        ["id"] = user.Id,
        ["team_id"] = call.Workspace.Options.TeamId,
        ["name"] = user.Name,
        ["real_name"] = user.RealName,
        ["deleted"] = user.IsDeactivated,
        ["tz"] = "Europe/London",
        ["tz_label"] = "Greenwich Mean Time",
        ["tz_offset"] = 0,
        ["is_bot"] = user.IsBot,
        ["is_app_user"] = false,
        ["is_admin"] = false,
        ["is_owner"] = false,
        ["is_restricted"] = user.IsRestricted,
        ["is_ultra_restricted"] = false,
        ["profile"] = new JsonObject
        {
            ["display_name"] = user.Name,
            ["real_name"] = user.RealName,
            ["email"] = user.Email,
            ["team"] = call.Workspace.Options.TeamId,
        },
    };
}
