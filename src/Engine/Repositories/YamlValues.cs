namespace Bots.Engine.Repositories;

/// <summary>Values of the shape that is wanted; any other gives a remark.</summary>
internal sealed class YamlValues(Remarks remarks)
{
    private const int MostItems = 100;

    /// <param name="wanted">What should stand there, in words people read.</param>
    public string? Text(YamlNode node, string wanted)
    {
        if (node is YamlNode.Scalar { IsNull: false } scalar) return scalar.Text;
        Wrong(node, wanted);
        return null;
    }

    /// <summary>A shell script: a text, or a list of lines.</summary>
    public string? Script(YamlNode node)
    {
        const string Wanted = "a command, or a list of commands";
        if (node is not YamlNode.List list) return Text(node, Wanted)?.Trim();
        var lines = list.Items.Select(item => Text(item, "a command")).ToList();
        if (!lines.Contains(null)) return string.Join('\n', lines);

        // A script with a line missing is another script.
        return null;
    }

    /// <param name="example">For whoever wrote something else.</param>
    /// <param name="problem">What is wrong with a text, to stand after it; null when nothing is.</param>
    public IReadOnlyList<string> Texts(YamlNode node, string example, Func<string, string?> problem)
    {
        var found = new List<string>();
        foreach (var item in Items(node, $"a list, like [{example}]"))
        {
            if (Text(item, $"a text like {example}") is not { } text) continue;
            if (problem(text) is { } wrong) remarks.Add(item.At, $"'{YamlTree.VisibleName(text)}' {wrong}");
            else found.Add(text);
        }

        return found;
    }

    public IReadOnlyList<YamlNode> Items(YamlNode node, string wanted)
    {
        if (node is not YamlNode.List list)
        {
            Wrong(node, wanted);
            return [];
        }

        if (list.Items.Count > MostItems) remarks.Add(list.Items[MostItems].At, $"only the first {MostItems} of this list are read; make it shorter with *.");
        return [.. list.Items.Take(MostItems)];
    }

    public IReadOnlyList<KeyValuePair<YamlNode.Scalar, YamlNode>> Entries(YamlNode node, string wanted)
    {
        if (node is YamlNode.Map map) return map.Entries;
        Wrong(node, wanted);
        return [];
    }

    public void Wrong(YamlNode node, string wanted)
    {
        if (node is YamlNode.Refused) return;
        remarks.Add(node.At, node is YamlNode.Scalar { IsNull: true } ? $"nothing stands here; write {wanted}, or take the key out." : $"this is {node.Shape}; write {wanted}.");
    }
}
