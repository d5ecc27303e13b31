using Bots.Engine.Repositories;

namespace Bots.Engine.Permissions;

/// <summary>The rules beside the built-in ones, as they hold for one turn.</summary>
/// <param name="Organisation">From the service's configuration; holds in every repository.</param>
/// <param name="Repository">From the repository itself. It can allow only what the organisation leaves open.</param>
public sealed record PolicyRules(ToolRules Organisation, ToolRules Repository)
{
    public static readonly PolicyRules None = new(new ToolRules(), new ToolRules());

    internal IEnumerable<SourcedRule> Deny => [.. Read(Organisation.Deny, Configuration), .. Read(Repository.Deny, File)];

    internal IEnumerable<SourcedRule> Ask => [.. Read(Organisation.Ask, Configuration), .. Read(Repository.Ask, File)];

    internal IEnumerable<SourcedRule> Allow => [.. Read(Organisation.Allow, Configuration), .. Read(Repository.Allow, File)];

    private const string Configuration = "the organisation's rules";
    private const string File = ".bots.yml";

    /// <summary>What cannot be read was told where it was written: at start, or as a remark.</summary>
    private static IEnumerable<SourcedRule> Read(IEnumerable<string> rules, string source)
    {
        foreach (var text in rules)
        {
            if (ToolRule.TryParse(text, out var rule, out _)) yield return new SourcedRule(rule, source);
        }
    }
}

/// <param name="Source">Where it is written, in words people read.</param>
internal sealed record SourcedRule(ToolRule Rule, string Source);
