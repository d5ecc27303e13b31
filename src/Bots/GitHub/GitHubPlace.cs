using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Bots.Engine;

namespace Bots.GitHub;

/// <summary>An issue's or pull request's conversation: <c>owner/repo#number</c>.</summary>
public sealed record GitHubPlace(RepositoryName Repository, int Number)
{
    public ConversationKey Key => new(GitHubSurface.SurfaceName, $"{Repository}#{Number}");

    public static bool TryParse(ConversationKey conversation, [NotNullWhen(true)] out GitHubPlace? place)
    {
        place = null;
        if (conversation.Surface != GitHubSurface.SurfaceName
            || conversation.Key.Split('#') is not [var name, var digits]
            || !RepositoryName.TryParse(name, out var repository)
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        place = new(repository, number);
        return true;
    }
}
