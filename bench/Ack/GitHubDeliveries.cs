using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Bench.World;
using Bots.Simulators.GitHub.Webhooks;

namespace Bots.Bench.Ack;

/// <summary>Comments on a pull request that do not ask the bot, 10 to 30 KB each: stored and acknowledged, none starts anything.</summary>
public sealed class GitHubDeliveries
{
    private const int Smallest = 10 * 1024;
    private const int Largest = 30 * 1024;
    private const string Prose = "The rounding happens twice here, once per line and once for the sum, so the total may differ by a cent. ";

    private readonly Random _sizes = new(4711);
    private long _last = 900_000_000;

    public IReadOnlyList<SignedRequest> Next(int count) => [.. Enumerable.Range(0, count).Select(_ => Sign(Body()))];

    private byte[] Body()
    {
        var comment = Comment(++_last);
        var bare = JsonSerializer.SerializeToUtf8Bytes(comment).Length;
        var missing = _sizes.Next(Smallest, Largest) - bare;
        comment["comment"]!["body"] = string.Concat(Enumerable.Repeat(Prose, missing / Prose.Length + 1));
        return JsonSerializer.SerializeToUtf8Bytes(comment);
    }

    private static SignedRequest Sign(byte[] body) => new(body,
    [
        new("X-GitHub-Event", "issue_comment"),
        new("X-GitHub-Delivery", Guid.NewGuid().ToString()),
        new("X-GitHub-Hook-ID", "5001"),
        new("X-Hub-Signature-256", WebhookSignature.Sha256(Surroundings.ForgeSecret, body)),
        new("User-Agent", "GitHub-Hookshot/044aadd"),
    ]);

    private static JsonObject Comment(long id) => new()
    {
        ["action"] = "created",
        ["issue"] = new JsonObject
        {
            ["id"] = 700_000_007,
            ["number"] = 7,
            ["title"] = "Round once",
            ["state"] = "open",
            ["comments"] = 3,
            ["user"] = Ana(),
            ["pull_request"] = new JsonObject { ["html_url"] = $"https://github.com/{Surroundings.Repository}/pull/7" },
            ["body"] = "Rounds the sum in place of each line.",
        },
        ["comment"] = new JsonObject
        {
            ["id"] = id,
            ["html_url"] = $"https://github.com/{Surroundings.Repository}/pull/7#issuecomment-{id}",
            ["user"] = Ana(),
            ["created_at"] = "2026-01-01T12:00:00Z",
            ["updated_at"] = "2026-01-01T12:00:00Z",
            ["author_association"] = "MEMBER",
            ["body"] = "",
        },
        ["repository"] = new JsonObject
        {
            ["id"] = 800_000_001, ["full_name"] = Surroundings.Repository, ["private"] = false, ["default_branch"] = "main",
        },
        ["sender"] = Ana(),
        ["installation"] = new JsonObject { ["id"] = 1 },
    };

    private static JsonObject Ana() => new() { ["login"] = "ana", ["id"] = 2_000_001, ["type"] = "User" };
}
