using System.Text;

namespace Bots.Engine.Intake;

/// <summary>Names a session's own branch: <c>bots/fix-the-failing-test-1a2b3c4d</c>.</summary>
public static class BranchName
{
    private const int MostCharacters = 40;

    public static string For(string text, SessionId session)
    {
        var words = new StringBuilder();
        foreach (var c in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) words.Append(c);
            else if (words.Length > 0 && words[^1] != '-') words.Append('-');
            if (words.Length >= MostCharacters) break;
        }

        var slug = words.ToString().Trim('-');
        return $"bots/{(slug.Length > 0 ? slug + "-" : "")}{session.Short}";
    }
}
