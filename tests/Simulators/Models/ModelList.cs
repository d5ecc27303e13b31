using System.Text.Json.Nodes;

namespace Bots.Simulators.Models;

/// <summary>What <c>GET /v1/models</c> answers.</summary>
internal static class ModelList
{
    public static JsonObject Of(IReadOnlyList<string> models, bool anthropic) => anthropic
        ? new JsonObject
        {
            ["data"] = new JsonArray([.. models.Select(m => new JsonObject { ["type"] = "model", ["id"] = m, ["display_name"] = m, ["created_at"] = "2026-01-01T00:00:00Z" })]),
            ["has_more"] = false,
            ["first_id"] = models.Count == 0 ? null : models[0],
            ["last_id"] = models.Count == 0 ? null : models[^1],
        }
        : new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. models.Select(m => new JsonObject { ["id"] = m, ["object"] = "model", ["created"] = 1767225600, ["owned_by"] = "simulator" })]),
        };
}
