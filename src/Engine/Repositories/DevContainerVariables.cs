using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bots.Engine.Repositories;

/// <summary>The variables of a devcontainer.json, <c>${…}</c>. What would reach into the machine of whoever opens it is refused.</summary>
internal sealed partial class DevContainerVariables(Remarks remarks)
{
    private const string Workspace = "/workspace";

    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>Reads <c>containerEnv</c> or <c>remoteEnv</c>, on top of what was read before.</summary>
    public IReadOnlyDictionary<string, string> Environment(JsonElement root, string property, IReadOnlyDictionary<string, string> earlier)
    {
        var found = new Dictionary<string, string>(earlier, StringComparer.Ordinal);
        if (!root.TryGetProperty(property, out var environment) || environment.ValueKind == JsonValueKind.Null) return found;
        if (environment.ValueKind != JsonValueKind.Object)
        {
            remarks.AddWhole($"{property} is no object of names and texts.");
            return found;
        }

        foreach (var variable in environment.EnumerateObject())
        {
            if (variable.Value.ValueKind == JsonValueKind.Null) found.Remove(variable.Name);
            else if (Value(property, variable, earlier) is { } value) found[variable.Name] = value;
        }

        return found;
    }

    /// <summary>Puts in what is known.</summary>
    /// <returns>Null when something else is asked for.</returns>
    public static string? Resolve(string text) => Resolve(text, NoVariables);

    /// <summary>Puts in what is known into a command; what is left is the shell's.</summary>
    /// <returns>Null when it asks for something of the machine it is opened on.</returns>
    public static string? ResolveCommand(string text) =>
        Variable().Replace(text, match => Known(match.Groups["name"].Value, NoVariables) ?? match.Value) is var resolved && Local().IsMatch(resolved) ? null : resolved;

    private string? Value(string property, JsonProperty variable, IReadOnlyDictionary<string, string> earlier)
    {
        var what = $"{property}: '{YamlTree.VisibleName(variable.Name)}'";
        if (EnvironmentName.Problem(variable.Name) is { } problem)
        {
            remarks.AddWhole($"{what} {problem}");
            return null;
        }

        var text = variable.Value.ValueKind switch
        {
            JsonValueKind.String => variable.Value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => variable.Value.GetRawText(),
            _ => null,
        };
        if (text is null || Resolve(text, earlier) is not { } value)
        {
            remarks.AddWhole($"{what} is left out: {(text is null ? "it is no text" : "it uses a variable that means nothing in a sandbox. ${containerWorkspaceFolder} is there; ${localEnv:…} is not")}.");
            return null;
        }

        if (SecretLook.IsSecret(variable.Name, value)) remarks.AddWhole($"the value of {variable.Name} {SecretLook.Remark}");
        return value;
    }

    private static string? Resolve(string text, IReadOnlyDictionary<string, string> environment)
    {
        var isKnown = true;
        var resolved = Variable().Replace(text, match =>
        {
            var known = Known(match.Groups["name"].Value, environment);
            isKnown &= known is not null;
            return known ?? "";
        });
        return isKnown ? resolved : null;
    }

    private static string? Known(string name, IReadOnlyDictionary<string, string> environment) => name switch
    {
        "containerWorkspaceFolder" => Workspace,
        "containerWorkspaceFolderBasename" => Workspace[1..],
        _ when name.StartsWith("containerEnv:", StringComparison.Ordinal) => environment.GetValueOrDefault(name["containerEnv:".Length..]),
        _ => null,
    };

    [GeneratedRegex(@"\$\{(?<name>[^{}$]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$\{(localEnv:|localWorkspaceFolder|devcontainerId|containerEnv:)")]
    private static partial Regex Local();
}
