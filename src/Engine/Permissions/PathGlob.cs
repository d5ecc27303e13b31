namespace Bots.Engine.Permissions;

/// <summary>
/// Patterns of paths below the workspace: <c>*</c> stands for anything within a name, <c>**</c> for any number of folders. A pattern
/// without a slash is a name anywhere in the tree.
/// </summary>
internal static class PathGlob
{
    private const string Workspace = "/workspace";

    /// <summary>Whether a pattern can mean anything: relative, and without <c>.</c> and <c>..</c>.</summary>
    public static bool IsPlain(string pattern) =>
        !pattern.StartsWith('/') && !pattern.Contains("//", StringComparison.Ordinal) && !pattern.Split('/').Any(part => part is "." or "..");

    /// <summary>A path of the sandbox as one below the workspace; null for any other.</summary>
    public static string? Relative(string path)
    {
        if (path.Contains('\0')) return null;
        var full = Path.GetFullPath(path, Workspace).TrimEnd('/');
        if (full == Workspace) return "";
        return full.StartsWith(Workspace + "/", StringComparison.Ordinal) ? full[(Workspace.Length + 1)..] : null;
    }

    /// <summary>Whether a pattern covers a path. <c>docs/**</c> covers what is in the folder, not the folder itself.</summary>
    public static bool Covers(string pattern, string path)
    {
        var wanted = Segments(pattern);
        if (wanted[^1] == "**") wanted = [.. wanted, "*"];
        return Matches(wanted, Names(path));
    }

    /// <summary>Whether what is done to a path concerns what a pattern stands for: the same, a folder around it, or a folder in it.</summary>
    public static bool Concerns(string pattern, string path)
    {
        var (wanted, names) = (Segments(pattern), Names(path));
        return Enumerable.Range(0, names.Length + 1).Any(count => Matches(wanted, names.AsSpan(0, count))) || Holds(names, wanted);
    }

    private static bool Holds(string[] folder, string[] wanted)
    {
        if (folder.Length == 0 || folder.Length >= wanted.Length) return false;
        return folder.Zip(wanted).All(pair => pair.Second != "**" && Wildcard.Matches(pair.Second, pair.First));
    }

    private static string[] Names(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Segments(string pattern)
    {
        var names = pattern.TrimEnd('/').Split('/');
        if (names.Length == 1) names = ["**", .. names];
        return pattern.EndsWith('/') ? [.. names, "**"] : names;
    }

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> names)
    {
        var (p, n, star, mark) = (0, 0, -1, 0);
        while (n < names.Length)
        {
            if (p < pattern.Length && pattern[p] == "**") (star, mark) = (p++, n);
            else if (p < pattern.Length && Wildcard.Matches(pattern[p], names[n])) (p, n) = (p + 1, n + 1);
            else if (star >= 0) (p, n) = (star + 1, ++mark);
            else return false;
        }

        while (p < pattern.Length && pattern[p] == "**") p++;
        return p == pattern.Length;
    }
}
