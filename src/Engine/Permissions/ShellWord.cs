namespace Bots.Engine.Permissions;

/// <summary>One word of a command.</summary>
/// <param name="Raw">As it was written.</param>
/// <param name="Value">What the shell makes of it.</param>
internal readonly record struct ShellWord(string Raw, string Value)
{
    /// <summary>Without quotes where they change nothing, so that <c>"git"</c> is <c>git</c>; as written where they do.</summary>
    public string Shown => IsPlain(Value) ? Value : Raw;

    /// <returns>A text that every shell takes for exactly this word.</returns>
    public static string Quoted(string word) => IsPlain(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c));
}
