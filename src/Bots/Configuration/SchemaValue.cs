using System.Globalization;
using System.Text.RegularExpressions;

namespace Bots.Configuration;

/// <summary>Whether one configured value can be read as what its key asks for. Ranges are for the options themselves to check.</summary>
internal static class SchemaValue
{
    public static ConfigurationProblem? Problem(IConfigurationSection section, ConfigurationSchema schema)
    {
        if (section.Value is not { } value || Wanted(value, schema) is not { } wanted) return null;
        var shown = schema.IsSecret ? "the value" : value.Length == 0 ? "an empty value" : $"'{value}'";
        return new ConfigurationProblem(section.Path, $"{shown} is not {wanted}", schema.Default is { } usual ? $"Mend it, or leave it out for {usual}." : "Mend it, or leave it out.");
    }

    public static string Substitute(ConfigurationSchema schema) => schema.Default ?? (schema.Type is "integer" or "number" ? "0" : "");

    /// <returns>What should stand there instead; null when all is well.</returns>
    private static string? Wanted(string value, ConfigurationSchema schema) => schema switch
    {
        { Type: "integer" } => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number",
        { Type: "number" } => decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "a number",
        { Pattern: { } pattern } => Regex.IsMatch(value, pattern, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)) ? null : schema.Title ?? "in the right form",
        _ when value.Length == 0 => null,
        { Format: "uri" } => IsAddress(value) ? null : "an absolute http(s) address",
        { Enum.Count: > 0 } => schema.Enum.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"one of {string.Join(", ", schema.Enum)}",
        _ => null,
    };

    private static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
