using Bots.Engine.Permissions;

namespace Bots.Engine.Repositories;

/// <summary>Reads <c>tools:</c>.</summary>
internal sealed class ToolRulesReader(Remarks remarks, YamlValues values)
{
    private const string Example = "\"npm test*\"";

    private bool _isLoose;

    /// <param name="isWhole">False when there may be more rules in the file than in <paramref name="node"/>.</param>
    public ToolRules Read(YamlNode node, bool isWhole)
    {
        if (node is not YamlNode.Map map)
        {
            values.Wrong(node, "the keys allow, ask and deny, each with a list");
            return new ToolRules();
        }

        _isLoose = !isWhole || map.Dropped.Count > 0;
        var rules = values.Entries(node, "").Aggregate(new ToolRules(), Apply);
        if (!_isLoose || rules.Allow.Count == 0) return rules;

        // What was meant to be denied may be among what is allowed.
        remarks.Add(node.At, "a rule of ask or deny could not be read; until it is mended, nothing of allow holds.");
        return rules with { Allow = [] };
    }

    private ToolRules Apply(ToolRules rules, KeyValuePair<YamlNode.Scalar, YamlNode> entry)
    {
        switch (entry.Key.Text)
        {
            case "allow":
                return rules with { Allow = List(entry.Value, isStrict: false) };
            case "ask":
                return rules with { Ask = List(entry.Value, isStrict: true) };
            case "deny":
                return rules with { Deny = List(entry.Value, isStrict: true) };
            default:
                _isLoose = true;
                remarks.Add(entry.Key.At, $"'{YamlTree.VisibleName(entry.Key.Text)}' is no key of tools. There are: allow, ask, deny.");
                return rules;
        }
    }

    private List<string> List(YamlNode node, bool isStrict)
    {
        var found = new List<string>();
        var items = values.Items(node, $"a list of rules, like [{Example}]");
        var lost = node is not YamlNode.List list || list.Items.Count > items.Count;
        foreach (var item in items)
        {
            if (Text(item) is not { } text) lost = true;
            else if (ToolRule.TryParse(text, out _, out var problem)) found.Add(text);
            else lost = Remark(item, text, problem);
        }

        _isLoose |= isStrict && lost;
        return found;
    }

    private bool Remark(YamlNode item, string text, string problem)
    {
        remarks.Add(item.At, $"the rule '{YamlTree.VisibleName(text)}' cannot be read: {problem}.");
        return true;
    }

    /// <summary>A rule without quotes, <c>- execute: git push*</c>, is a mapping for YAML.</summary>
    private string? Text(YamlNode item) => item is YamlNode.Map { Entries: [{ Key.Text: var kind, Value: YamlNode.Scalar { IsNull: false, Text: var pattern } }], Dropped: [] }
        ? $"{kind}: {pattern}"
        : values.Text(item, $"a rule like {Example}");
}
