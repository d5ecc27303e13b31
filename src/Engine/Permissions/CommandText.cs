using System.Buffers;
using System.Text.RegularExpressions;

namespace Bots.Engine.Permissions;

/// <summary>The texts of a command that rules are compared with. Pure.</summary>
internal static partial class CommandText
{
    private const int MostUnwrapped = 40;
    private const int MostNested = 3;

    private static readonly SearchValues<char> Several = SearchValues.Create(" \t\n;&|");

    /// <summary>Each simple command of it; every one must be allowed. Null when the command is not understood.</summary>
    public static IReadOnlyList<string>? ToAllow(string command) =>
        ShellCommand.Split(command)?.Select(words => string.Join(' ', words.Select(w => w.Shown))).ToList();

    /// <summary>
    /// Everything in it that may be run, where one is enough to ask or to deny: the whole, its parts however they are chained, and what other
    /// programs are told to run (<c>sh -c</c>, <c>env</c>, <c>xargs</c>). Rather too much than too little.
    /// </summary>
    public static IReadOnlySet<string> ToForbid(string command)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { command.Trim(), ToolRule.Collapse(command) };
        Parts(command, found, command.Length > ShellCommand.MostCharacters ? MostNested : 0);
        return found;
    }

    private static void Parts(string command, HashSet<string> found, int nested)
    {
        if (ShellCommand.Split(command) is { } commands)
        {
            foreach (var words in commands)
            {
                found.Add(string.Join(' ', words.Select(w => w.Shown)));
                Words([.. words.Select(w => w.Value)], found, nested);
            }
        }
        else
        {
            var plain = Joined().Replace(command, "");
            foreach (var part in Boundary().Split(plain).Concat(Boundary().Split(Quotes().Replace(plain, ""))))
            {
                Words(part.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries), found, nested);
            }
        }
    }

    private static void Words(string[] words, HashSet<string> found, int nested)
    {
        words = [.. words.SkipWhile(word => Assignment().IsMatch(word))];
        if (words.Length == 0) return;
        var program = words[0][(words[0].LastIndexOf('/') + 1)..];
        found.Add(string.Join(' ', words));
        found.Add(string.Join(' ', [program, .. words[1..]]));
        if (!Wrapper().IsMatch(program) || nested >= MostNested) return;
        for (var i = 1; i < Math.Min(words.Length, MostUnwrapped); i++)
        {
            if (words[i].AsSpan().ContainsAny(Several)) Parts(words[i], found, nested + 1);
            Words(words[i..], found, nested + 1);
        }
    }

    /// <summary>Where a command may begin, in a text nobody understands whole: anything a shell does not take for a part of a word, quotes included.</summary>
    [GeneratedRegex("""[;&|\n\r()<>{}`"']+""")]
    private static partial Regex Boundary();

    [GeneratedRegex("[\"']")]
    private static partial Regex Quotes();

    /// <summary>A line that goes on in the next one, and escapes within a word.</summary>
    [GeneratedRegex(@"\\\r?\n|\\")]
    private static partial Regex Joined();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*=")]
    private static partial Regex Assignment();

    /// <summary>Programs that run what they are told to, and a shell's words that stand before a command.</summary>
    [GeneratedRegex("^(ba|da|z|k|a)?sh$|^(env|command|builtin|exec|eval|nohup|nice|ionice|setsid|stdbuf|time|timeout|sudo|doas|su|xargs|find|parallel|watch|busybox|script|if|then|else|elif|do|while|until|!)$")]
    private static partial Regex Wrapper();
}
