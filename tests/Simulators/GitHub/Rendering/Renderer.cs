using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rendering;

/// <summary>Shows the state in the shapes of the API and of webhook payloads.</summary>
internal sealed partial class Renderer(World world)
{
    private string Api(string path) => new Uri(world.ApiUrl, path).AbsoluteUri;

    private string Web(string path) => new Uri(world.WebUrl, path).AbsoluteUri;

    private string RepoApi(Repository repository, string tail = "") => Api($"repos/{repository.FullName}{tail}");

    private string RepoWeb(Repository repository, string tail = "") => Web($"{repository.FullName}{tail}");

    private static string NodeId(string type, long id) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"0{type.Length}:{type}{id}"));

    /// <summary>A time as the API writes it.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) => time is { } known ? Time(known) : null;

    private static JsonArray Array(IEnumerable<JsonNode> nodes) => [.. nodes];

    private static JsonObject Object(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var result = new JsonObject();
        foreach (var (key, value) in pairs) result[key] = value;
        return result;
    }

    private static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)v)];
}
