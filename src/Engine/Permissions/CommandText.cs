using System.Buffers;
using System.Text.RegularExpressions;

namespace Bots.Engine.Permissions;

/// <summary>The texts of a command that rules are compared with. Pure.</summary>
internal static partial class CommandText
{
    private static readonly SearchValues<char> Several = SearchValues.Create(" \t\n;&|");

    /// <summary>Each simple command of it; every one must be allowed. Null when the command is not understood.</summary>
    public static IReadOnlyList<string>? ToAllow(string command) =>
        ShellCommand.Split(command)?.Select(words => string.Join(' ', words.Select(w => w.Shown))).ToList();

    /// <summary>
    /// Everything in it that may be run, where one is enough to ask or to deny: the whole, its parts however they are chained, and what other
    /// programs are told to run (<c>sh -c</c>, <c>env</c>, <c>xargs</c>). Rather too much than too little.
    /// </summary>
    public static CommandParts ToForbid(string command)
    {
        var found = new CommandParts();
        found.Add(command.Trim());
        found.Add(ToolRule.Collapse(command));
        if (!found.IsTooMuch) Parts(command, found);
        return found;
    }

    /// <remarks>Calls itself for words in quotes, a dozen times at most: quotes within quotes at least double with each time.</remarks>
    private static void Parts(string command, CommandParts found)
    {
        if (ShellCommand.Split(command) is { } commands)
        {
            foreach (var words in commands)
            {
                found.Add(string.Join(' ', words.Select(w => w.Shown)));
                Words([.. words.Select(w => w.Value)], found);
            }
        }
        else
        {
            var plain = Joined().Replace(command, "");
            foreach (var part in Boundary().Split(plain).Concat(Boundary().Split(Quotes().Replace(plain, ""))))
            {
                Words(part.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries), found);
            }
        }
    }

    /// <summary>One command, and behind a program that runs others each word as if a command began there: only the program knows where it does.</summary>
    private static void Words(string[] words, CommandParts found)
    {
        var start = Array.FindIndex(words, word => !Assignment().IsMatch(word));
        if (start < 0) return;
        for (var i = start; i < words.Length && !found.IsTooMuch; i++)
        {
            var program = words[i][(words[i].LastIndexOf('/') + 1)..];
            found.Add(string.Join(' ', words[i..]));
            if (program.Length < words[i].Length) found.Add(string.Join(' ', [program, .. words[(i + 1)..]]));
            if (i == start && !Wrapper().IsMatch(program)) return;
            if (i > start && words[i].AsSpan().ContainsAny(Several)) Parts(words[i], found);
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
