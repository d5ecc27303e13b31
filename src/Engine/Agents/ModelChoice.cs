using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Engine.Models;

namespace Bots.Engine.Agents;

/// <summary>Tells an agent its model in ACP's own way, for agents that offer a choice and stand at another one.</summary>
/// <param name="Method"><c>session/set_config_option</c>, or <c>session/set_model</c> of agents from before there were options.</param>
internal sealed record ModelChoice(string Method, string? Option, string Value)
{
    /// <param name="opened">What the agent answered to <c>session/new</c>.</param>
    /// <param name="model"><c>provider/model</c>; null leaves it to the agent.</param>
    /// <returns>Null when there is nothing to say: the model is chosen already, or not among those offered.</returns>
    public static ModelChoice? Of(JsonElement opened, string? model)
    {
        if (!ModelName.TryParse(model, out var name)) return null;
        string[] wanted = [name.ToString(), name.Model];
        var option = opened.At("configOptions").Items().FirstOrDefault(o => o.Find("category") == "model" && o.Find("type") == "select");
        if (option.Find("id") is { } id) return Pick(wanted, option.Find("currentValue"), Values(option.At("options"))) is { } value ? new("session/set_config_option", id, value) : null;
        var models = opened.At("models");
        var offered = models.At("availableModels").Items().Select(m => m.Find("modelId")).OfType<string>();
        return Pick(wanted, models.Find("currentModelId"), offered) is { } legacy ? new("session/set_model", null, legacy) : null;
    }

    public JsonObject Request(string session) => Option is null
        ? new() { ["sessionId"] = session, ["modelId"] = Value }
        : new() { ["sessionId"] = session, ["configId"] = Option, ["value"] = Value };

    private static string? Pick(string[] wanted, string? current, IEnumerable<string> offered) =>
        wanted.Contains(current, StringComparer.Ordinal) ? null : wanted.FirstOrDefault(offered.ToHashSet(StringComparer.Ordinal).Contains);

    /// <summary>Options stand in a list, or in groups of lists.</summary>
    private static IEnumerable<string> Values(JsonElement options) =>
        options.Items().SelectMany(o => o.Find("value") is { } value ? [value] : Values(o.At("options")));
}
