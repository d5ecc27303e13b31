using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rendering;

internal sealed partial class Renderer
{
    private const string AppCreated = "2024-01-01T00:00:00Z";

    public JsonObject App()
    {
        var options = world.Options;
        return new JsonObject
        {
            ["id"] = options.AppId,
            ["client_id"] = options.ClientId,
            ["slug"] = options.AppSlug,
            ["node_id"] = NodeId("App", options.AppId),
            ["owner"] = User(new Account("app-owner", 9_001)),
            ["name"] = options.AppName,
            ["description"] = "",
            ["external_url"] = Web(""),
            ["html_url"] = Web("apps/" + options.AppSlug),
            ["created_at"] = AppCreated,
            ["updated_at"] = AppCreated,
            ["permissions"] = Object(options.Permissions),
            ["events"] = Strings(options.Events),
        };
    }

    public JsonObject Installation(Installation installation) => new()
    {
        ["id"] = installation.Id,
        ["client_id"] = world.Options.ClientId,
        ["account"] = User(installation.Account),
        ["repository_selection"] = installation.Selection,
        ["access_tokens_url"] = Api($"app/installations/{installation.Id}/access_tokens"),
        ["repositories_url"] = Api("installation/repositories"),
        ["html_url"] = Web($"settings/installations/{installation.Id}"),
        ["app_id"] = world.Options.AppId,
        ["app_slug"] = world.Options.AppSlug,
        ["target_id"] = installation.Account.Id,
        ["target_type"] = installation.Account.Type.ToString(),
        ["permissions"] = Object(installation.Permissions),
        ["events"] = Strings(installation.Events),
        ["created_at"] = Time(installation.CreatedAt),
        ["updated_at"] = Time(installation.CreatedAt),
        ["single_file_name"] = null,
        ["has_multiple_single_files"] = false,
        ["single_file_paths"] = new JsonArray(),
        ["suspended_by"] = null,
        ["suspended_at"] = Time(installation.SuspendedAt),
    };

    public static JsonObject InstallationReference(Installation installation) => new()
    {
        ["id"] = installation.Id,
        ["node_id"] = NodeId("IntegrationInstallation", installation.Id),
    };

    public JsonObject Token(AccessToken token, IReadOnlyList<Repository>? repositories)
    {
        var json = new JsonObject
        {
            ["token"] = token.Value,
            ["expires_at"] = Time(token.ExpiresAt),
            ["permissions"] = Object(token.Permissions),
            ["repository_selection"] = repositories is null ? "all" : "selected",
        };
        if (repositories is not null) json["repositories"] = Array(repositories.Select(r => Repository(r)));
        return json;
    }
}
