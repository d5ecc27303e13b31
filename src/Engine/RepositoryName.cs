using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bots.Engine;

/// <summary>A repository as the forge names it: <c>owner/name</c>. Compared without regard to case, as forges do.</summary>
[JsonConverter(typeof(RepositoryNameConverter))]
public sealed record RepositoryName
{
    private RepositoryName(string owner, string name) => (Owner, Name) = (owner, name);

    public string Owner { get; }

    public string Name { get; }

    /// <summary>Reads <c>owner/name</c>. Letters, digits, <c>-</c>, <c>_</c> and <c>.</c> only, neither part <c>.</c> or <c>..</c>, at most 100 characters each.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RepositoryName? repository)
    {
        repository = null;
        if (text?.Split('/') is not [var owner, var name] || !IsPart(owner) || !IsPart(name)) return false;
        repository = new RepositoryName(owner, name);
        return true;
    }

    /// <exception cref="FormatException">The text is not <c>owner/name</c>.</exception>
    public static RepositoryName Parse(string text) =>
        TryParse(text, out var repository) ? repository : throw new FormatException($"'{text}' is not a repository name; write owner/name.");

    public bool Equals(RepositoryName? other) =>
        other is not null && string.Equals(ToString(), other.ToString(), StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(ToString());

    public override string ToString() => $"{Owner}/{Name}";

    private static bool IsPart(string part) =>
        part is not ("" or "." or "..") && part.Length <= 100 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}

internal sealed class RepositoryNameConverter : JsonConverter<RepositoryName>
{
    public override RepositoryName? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text ? RepositoryName.Parse(text) : null;

    public override void Write(Utf8JsonWriter writer, RepositoryName value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
