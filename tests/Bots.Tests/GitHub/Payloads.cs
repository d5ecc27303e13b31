using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bots.Tests.GitHub;

/// <summary>Real webhook bodies, from the package pinned in <c>tests/payloads</c>.</summary>
public static class Payloads
{
    private static readonly Lazy<IReadOnlyList<(string Event, string Body)>> Examples = new(Load);

    public static IReadOnlyList<(string Event, string Body)> All => Examples.Value;

    /// <summary>A real comment event, changed where a test needs it: GitHub's examples are all on issues.</summary>
    public static JsonObject Comment(string body, string action = "created", string repository = "octo/shop", int number = 3)
    {
        var real = JsonNode.Parse(All.First(p => p.Event == "issue_comment" && p.Body.Contains($"\"action\":\"{action}\"", StringComparison.Ordinal)).Body)!.AsObject();
        real["issue"]!["pull_request"] = new JsonObject { ["html_url"] = $"https://github.com/{repository}/pull/{number}" };
        real["issue"]!["number"] = number;
        real["issue"]!["comments"] = 2;
        real["repository"]!["full_name"] = repository;
        real["comment"]!["body"] = body;
        return real;
    }

    private static List<(string, string)> Load()
    {
        var file = Path.Combine(Root(), "tests", "payloads", "node_modules", "@octokit", "webhooks-examples", "api.github.com", "index.json");
        if (!File.Exists(file)) throw new InvalidOperationException("The payloads are missing: run npm ci --prefix tests/payloads.");
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. json.RootElement.EnumerateArray().SelectMany(e => e.GetProperty("examples").EnumerateArray()
            .Select(x => (e.GetProperty("name").GetString()!, JsonSerializer.Serialize(x))))];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Bots.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("No Bots.sln above the tests.");
        return folder.FullName;
    }
}
