using System.IO.Enumeration;

namespace Bots.Engine.Models;

/// <summary>Which models may be used: the organisation's list, and a repository's, which can only narrow it. Pure.</summary>
public static class ModelRules
{
    /// <param name="model"><c>provider/model</c>.</param>
    /// <param name="organisation">Patterns of <c>Models:Allow</c>; none allows all.</param>
    /// <param name="own">Patterns of the repository's <c>.bots.yml</c>; none allows all.</param>
    /// <returns>Why it may not be used and which may; null when it may.</returns>
    public static string? Refusal(string model, IReadOnlyList<string> organisation, IReadOnlyList<string> own, RepositoryName repository)
    {
        if (!Allows(organisation, model)) return $"{model} may not be used here. Allowed by Models:Allow: {Names(organisation)}.";
        if (!Allows(own, model)) return $"{repository} does not allow {model}. Allowed by `models` in its .bots.yml: {Names(own)}.";
        return null;
    }

    public static bool IsForbidden(string model, IReadOnlyList<string> patterns) => !Allows(patterns, model);

    private static bool Allows(IReadOnlyList<string> patterns, string model) =>
        patterns.Count == 0 || patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern.Trim(), model, ignoreCase: true));

    private static string Names(IReadOnlyList<string> patterns) => string.Join(", ", patterns.Select(pattern => pattern.Trim()));
}
