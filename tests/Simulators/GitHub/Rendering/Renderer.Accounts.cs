using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rendering;

internal sealed partial class Renderer
{
    private static readonly string[] UserLinks =
    [
        "followers", "following{/other_user}", "gists{/gist_id}", "starred{/owner}{/repo}", "subscriptions",
        "organizations:orgs", "repos", "events{/privacy}", "received_events",
    ];

    public JsonObject User(Account account)
    {
        var api = Api("users/" + Uri.EscapeDataString(account.Login));
        var user = new JsonObject
        {
            ["login"] = account.Login,
            ["id"] = account.Id,
            ["node_id"] = NodeId(account.Type.ToString(), account.Id),
            ["avatar_url"] = Web($"avatars/u/{account.Id}?v=4"),
            ["gravatar_id"] = "",
            ["url"] = api,
            ["html_url"] = account.Type == AccountType.Bot ? Web("apps/" + world.Options.AppSlug) : Web(account.Login),
        };
        foreach (var link in UserLinks)
        {
            var name = link.Split('{', ':')[0];
            user[name + "_url"] = $"{api}/{(link.Contains(':', StringComparison.Ordinal) ? link.Split(':')[1] : link)}";
        }

        user["type"] = account.Type.ToString();
        user["user_view_type"] = "public";
        user["site_admin"] = false;
        return user;
    }

    /// <summary>A user as <c>GET /users/{login}</c> shows it.</summary>
    public JsonObject Profile(Account account)
    {
        var profile = User(account);
        profile["name"] = account.Name;
        foreach (var unset in (string[])["company", "location", "email", "hireable", "bio", "twitter_username"]) profile[unset] = null;
        profile["blog"] = "";
        profile["public_repos"] = world.Repositories.Count(r => r.Owner.Id == account.Id && !r.Private);
        foreach (var count in (string[])["public_gists", "followers", "following"]) profile[count] = 0;
        profile["created_at"] = "2020-01-01T00:00:00Z";
        profile["updated_at"] = "2020-01-01T00:00:00Z";
        return profile;
    }

    public JsonObject Organization(Account account)
    {
        var api = Api("orgs/" + account.Login);
        return new JsonObject
        {
            ["login"] = account.Login,
            ["id"] = account.Id,
            ["node_id"] = NodeId("Organization", account.Id),
            ["url"] = api,
            ["repos_url"] = api + "/repos",
            ["events_url"] = api + "/events",
            ["hooks_url"] = api + "/hooks",
            ["issues_url"] = api + "/issues",
            ["members_url"] = api + "/members{/member}",
            ["public_members_url"] = api + "/public_members{/member}",
            ["avatar_url"] = Web($"avatars/u/{account.Id}?v=4"),
            ["description"] = "",
        };
    }

    /// <summary>The account a commit's address belongs to; null when it is nobody's.</summary>
    private JsonObject? UserOf(Signature signature) =>
        world.Accounts.Values.FirstOrDefault(a => string.Equals(a.Email, signature.Email, StringComparison.OrdinalIgnoreCase)) is { } account
            ? User(account)
            : null;
}
