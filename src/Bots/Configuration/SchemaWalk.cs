namespace Bots.Configuration;

/// <summary>Goes through what is configured, beside the schema. Only our own sections are looked at: the environment is full of other people's keys.</summary>
internal static class SchemaWalk
{
    /// <summary>Keys the schema does not know.</summary>
    public static IEnumerable<ConfigurationProblem> UnknownKeys(IConfiguration configuration) =>
        Sections(configuration).SelectMany(entry => UnknownKeys(entry.Section, entry.Schema));

    /// <summary>Values that are not what their key asks for, and entries that lack what they need.</summary>
    public static IEnumerable<UnreadableValue> UnreadableValues(IConfiguration configuration) =>
        Sections(configuration).SelectMany(entry => UnreadableValues(entry.Section, entry.Schema));

    private static IEnumerable<(IConfigurationSection Section, ConfigurationSchema Schema)> Sections(IConfiguration configuration) =>
        ConfigurationSchema.Root.Properties.Select(property => (configuration.GetSection(property.Key), property.Value));

    private static IEnumerable<ConfigurationProblem> UnknownKeys(IConfigurationSection section, ConfigurationSchema schema)
    {
        foreach (var child in section.GetChildren())
        {
            if (Find(schema, child) is { } known)
                foreach (var problem in UnknownKeys(child, known)) yield return problem;
            else yield return new ConfigurationProblem(child.Path, "unknown key", Mend(section, schema, child));
        }
    }

    private static IEnumerable<UnreadableValue> UnreadableValues(IConfigurationSection section, ConfigurationSchema schema)
    {
        if (SchemaValue.Problem(section, schema) is { } problem) yield return new UnreadableValue(problem, SchemaValue.Substitute(schema));
        var children = section.GetChildren().ToList();
        if (children.Count > 0)
            foreach (var name in schema.Required.Where(name => string.IsNullOrWhiteSpace(section[name])))
                yield return new UnreadableValue(
                    new ConfigurationProblem($"{section.Path}:{name}", "is not set", "Set it, or remove the entry."),
                    SchemaValue.Substitute(schema.Properties[name]));
        foreach (var child in children)
            if (Find(schema, child) is { } known)
                foreach (var inner in UnreadableValues(child, known)) yield return inner;
    }

    private static ConfigurationSchema? Find(ConfigurationSchema schema, IConfigurationSection child)
    {
        if (schema.Items is { } items) return int.TryParse(child.Key, out var index) && index >= 0 ? items : null;
        if (schema.Properties.TryGetValue(child.Key, out var property)) return property;
        var entry = schema.AdditionalProperties;
        // A plain value where entries are sections is a misspelt key rather than an entry.
        return entry is { Type: "object" } && !string.IsNullOrEmpty(child.Value) && !child.GetChildren().Any() ? null : entry;
    }

    private static string Mend(IConfigurationSection section, ConfigurationSchema schema, IConfigurationSection child)
    {
        if (schema.Type == "array") return $"It is a list: number its entries, as in {section.Path}:0.";
        if (Spelling.Nearest(child.Key, schema.Properties.Keys) is { } near) return $"Did you mean {section.Path}:{near}?";
        if (schema.AdditionalProperties is { } entry) return $"It is a section: set {string.Join(" or ", entry.Properties.Keys.Select(key => $"{child.Path}:{key}"))}.";
        return schema.Properties.Count == 0 ? "Remove it." : $"Remove it. {section.Path} has: {string.Join(", ", schema.Properties.Keys)}.";
    }
}

/// <param name="Substitute">What could stand there instead, so that everything beside it can be read.</param>
internal sealed record UnreadableValue(ConfigurationProblem Problem, string Substitute);
