using System.Globalization;

namespace Bots.GitHub;

/// <summary>The wire form of a reaction: its name and the comment it goes to.</summary>
public sealed record GitHubReactionContent(string Name, long Comment)
{
    public const string KeyPrefix = "eyes:";

    public override string ToString() => $"{Name} {Comment}";

    /// <exception cref="FormatException">It is no reaction.</exception>
    public static GitHubReactionContent Parse(string content) =>
        content.Split(' ') is [var name, var digits] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var comment)
            ? new(name, comment)
            : throw new FormatException("A reaction is its name and a comment's id.");
}
