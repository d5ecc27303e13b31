namespace Bots.Engine.Permissions;

/// <summary>Patterns in which <c>*</c> stands for any text, none included, and everything else for itself.</summary>
internal static class Wildcard
{
    /// <summary>Whether the pattern covers the whole text. Takes at most pattern × text steps.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*') (star, mark) = (p++, t);
            else if (p < pattern.Length && pattern[p] == text[t]) (p, t) = (p + 1, t + 1);
            else if (star >= 0) (p, t) = (star + 1, ++mark);
            else return false;
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
