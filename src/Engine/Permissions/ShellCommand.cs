using System.Collections.Frozen;

namespace Bots.Engine.Permissions;

/// <summary>
/// What a shell would run, for commands whose meaning is plain from their text: words, quotes, and simple commands one after the other.
/// Whatever else a shell knows (variables, substitution, redirection, groups, keywords, escapes, comments) is not understood.
/// </summary>
internal static class ShellCommand
{
    /// <summary>Longer ones are not understood.</summary>
    public const int MostCharacters = 16 * 1024;

    private const string Separators = ";&|\n";

    /// <summary>Outside of quotes each of these may mean more than itself.</summary>
    private const string Special = "$`\\<>(){}!#";

    private static readonly FrozenSet<string> Keywords = FrozenSet.Create(
        StringComparer.Ordinal,
        "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in", "select", "function", "time", "coproc", "[[", "]]",
        "alias", "eval", "exec", "source", ".");

    /// <summary>The simple commands of a text, in order, each with at least one word.</summary>
    /// <returns>Null when it is not understood.</returns>
    public static IReadOnlyList<IReadOnlyList<ShellWord>>? Split(string text)
    {
        if (text.Length > MostCharacters || text.Any(IsOdd)) return null;
        var commands = new List<IReadOnlyList<ShellWord>>();
        var words = new List<ShellWord>();
        var (at, ended) = (0, true);
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t')
            {
                at++;
            }
            else if (Separators.Contains(text[at]))
            {
                var separator = Separator(text, at);
                var blank = separator == "\n";
                if (separator is null || (words.Count == 0 && !blank)) return null;
                if (words.Count > 0) commands.Add(words);
                // After && and | another command has to come; a line break there changes nothing.
                ended = blank ? ended || words.Count > 0 : separator is ";" or "&";
                words = [];
                at += separator.Length;
            }
            else
            {
                if (Word(text, ref at) is not { } word) return null;
                words.Add(word);
            }
        }

        if (words.Count > 0) commands.Add(words);
        else if (!ended) return null;
        return commands.Count > 0 && commands.TrueForAll(IsPlain) ? commands : null;
    }

    private static bool IsPlain(IReadOnlyList<ShellWord> command)
    {
        var program = command[0];
        return program.Value.Length > 0 && !program.Value.Any(c => c is ' ' or '\t' or '*' or '?' or '[' or '~') && !Keywords.Contains(program.Value);
    }

    private static string? Separator(string text, int at)
    {
        var length = 1;
        while (at + length < text.Length && text[at] != '\n' && Separators.Contains(text[at + length]) && text[at + length] != '\n') length++;
        return text.Substring(at, length) is var found && found is ";" or "&" or "&&" or "|" or "||" or "|&" or "\n" ? found : null;
    }

    private static ShellWord? Word(string text, ref int at)
    {
        var start = at;
        var value = new System.Text.StringBuilder();
        while (at < text.Length && text[at] is not (' ' or '\t') && !Separators.Contains(text[at]))
        {
            var c = text[at++];
            if (c is '\'' or '"')
            {
                var end = text.IndexOf(c, at);
                if (end < 0) return null;
                var inside = text.AsSpan(at, end - at);
                if (inside.Contains('\n') || (c == '"' && inside.ContainsAny("$`\\!"))) return null;
                value.Append(inside);
                at = end + 1;
            }
            else if (Special.Contains(c))
            {
                return null;
            }
            else
            {
                value.Append(c);
            }
        }

        return new ShellWord(text[start..at], value.ToString());
    }

    /// <summary>Characters that look like others, or like nothing at all.</summary>
    private static bool IsOdd(char c) => c is not (' ' or '\t' or '\n')
        && (char.IsControl(c) || char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.OtherNotAssigned);
}
