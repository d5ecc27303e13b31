using System.Text.Json.Nodes;
using Bots.Simulators.Models;

namespace Bots.Playground.Scripts;

/// <summary>Calls of the agent's tools, with the names and arguments OpenCode knows.</summary>
internal static class Tools
{
    public static ModelStep Read(this ModelStep step, string path) =>
        step.AndCall("read", request => new JsonObject { ["filePath"] = Simulators.Models.Scripts.Resolve(request, path) });

    public static ModelStep Edit(this ModelStep step, string path, string old, string mended) =>
        step.AndCall("edit", request => new JsonObject { ["filePath"] = Simulators.Models.Scripts.Resolve(request, path), ["oldString"] = old, ["newString"] = mended });

    public static ModelStep RunTests(this ModelStep step) =>
        step.AndCall("bash", new JsonObject { ["command"] = "npm test", ["description"] = "Runs the tests" });

    /// <param name="done">How many of the entries are completed; the next one is in progress.</param>
    public static ModelStep Plan(this ModelStep step, int done, params IReadOnlyList<string> entries) => step.AndCall("todowrite", new JsonObject
    {
        ["todos"] = new JsonArray([.. entries.Select((content, i) => new JsonObject
        {
            ["id"] = $"{i + 1}",
            ["content"] = content,
            ["status"] = i < done ? "completed" : i == done ? "in_progress" : "pending",
            ["priority"] = "medium",
        })]),
    });
}
