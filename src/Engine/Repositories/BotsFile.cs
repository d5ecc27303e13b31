using System.Text.RegularExpressions;

namespace Bots.Engine.Repositories;

/// <summary>Reads <c>.bots.yml</c>. What is wrong gives a remark with its place, and the rest is honoured. Pure.</summary>
internal sealed partial class BotsFile
{
    private const string Keys = "image, setup, start, environment, tools, network, models";

    private readonly Remarks _remarks;
    private readonly YamlValues _values;

    private bool _hasAllRules = true;

    private BotsFile(string name)
    {
        _remarks = new Remarks(name);
        _values = new YamlValues(_remarks);
    }

    /// <param name="name">The file's path, for the remarks.</param>
    /// <returns>What it says; null and empty where it is silent.</returns>
    public static RepositorySettings Read(string name, string text)
    {
        var file = new BotsFile(name);
        var settings = file.Settings(text);
        return settings with { Remarks = file._remarks.All };
    }

    private RepositorySettings Settings(string text)
    {
        try
        {
            switch (YamlTree.Read(text, _remarks))
            {
                case null:
                    break;
                case YamlNode.Map map:
                    _hasAllRules = !map.Dropped.Any(key => key is null or "tools");
                    return map.Entries.Aggregate(RepositorySettings.Default, Apply);
                case var other:
                    _remarks.Add(other.At, $"this is {other.Shape}, where keys are expected: {Keys}. Write them like setup: npm ci.");
                    break;
            }
        }
        catch (UnreadableException e)
        {
            _remarks.Add(e.At, $"{e.Message} Until then nothing in this file holds.");
        }

        return RepositorySettings.Default;
    }

    private RepositorySettings Apply(RepositorySettings settings, KeyValuePair<YamlNode.Scalar, YamlNode> entry)
    {
        var (key, value) = entry;
        switch (key.Text)
        {
            case "image":
                return settings with { Image = Image(value) };
            case "setup":
                return settings with { Setup = _values.Script(value) };
            case "start":
                return settings with { Start = _values.Script(value) };
            case "environment":
                return settings with { Environment = Environment(value) };
            case "tools":
                return settings with { Tools = new ToolRulesReader(_remarks, _values).Read(value, _hasAllRules) };
            case "network":
                return settings with { Network = _values.Texts(value, "npm, or api.example.com:443", NetworkName.Problem) };
            case "models":
                return settings with { Models = _values.Texts(value, "anthropic/*", ModelProblem) };
            default:
                _remarks.Add(key.At, $"'{YamlTree.VisibleName(key.Text)}' is no key of this file. There are: {Keys}.");
                return settings;
        }
    }

    private string? Image(YamlNode node)
    {
        if (_values.Text(node, "an image like node:22") is not { } image) return null;
        if (image.Length == 0 || ImageReference.IsValid(image)) return image;
        _remarks.Add(node.At, "this is no name of an image; write one like node:22 or ghcr.io/acme/tools:1.");
        return null;
    }

    private Dictionary<string, string> Environment(YamlNode node)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in _values.Entries(node, "names and texts, like NODE_ENV: test"))
        {
            if (EnvironmentName.Problem(name.Text) is { } problem)
            {
                _remarks.Add(name.At, $"'{YamlTree.VisibleName(name.Text)}' {problem}");
            }
            else if (value is YamlNode.Scalar scalar)
            {
                found[name.Text] = scalar.IsNull ? "" : scalar.Text;
                if (SecretLook.IsSecret(name.Text, scalar.Text)) _remarks.Add(value.At, $"the value of {name.Text} {SecretLook.Remark}");
            }
            else
            {
                _values.Wrong(value, "a text");
            }
        }

        return found;
    }

    private static string? ModelProblem(string model) =>
        model == "*" || ModelPattern().IsMatch(model) ? null : "is no model; write provider/model, where * stands for any part, like anthropic/*.";

    [GeneratedRegex(@"^[A-Za-z0-9._*-]{1,100}/[A-Za-z0-9._:/*@-]{1,200}\z")]
    private static partial Regex ModelPattern();
}
