using Bots.Engine.Permissions;

namespace Bots.Configuration;

/// <summary>Whether the organisation's rules on tool calls can be read: one that cannot would deny nothing.</summary>
internal sealed class PermissionsOptionsCheck(PermissionsOptions options) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check() => Check(options);

    internal static IEnumerable<ConfigurationProblem> Check(PermissionsOptions permissions) =>
        [.. List(nameof(permissions.Allow), permissions.Allow), .. List(nameof(permissions.Ask), permissions.Ask), .. List(nameof(permissions.Deny), permissions.Deny)];

    private static IEnumerable<ConfigurationProblem> List(string name, IReadOnlyList<string> rules)
    {
        foreach (var (index, text) in rules.Index())
        {
            if (!ToolRule.TryParse(text, out _, out var problem))
                yield return new($"Permissions:{name}:{index}", $"the rule '{text}' cannot be read: {problem}", "Write it like execute: npm test*, or edit: .github/**.");
        }
    }
}
