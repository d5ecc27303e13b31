using System.Text.RegularExpressions;
using Bots.Simulators.Models;

namespace Bots.Playground.Scripts;

/// <summary>What can be told from a request. Pure.</summary>
internal static partial class Asked
{
    private const string OthersBegin = "\n\nWhat follows was written by other people.";

    /// <summary>The requester's own words, without what the service quotes beside them.</summary>
    public static string Words(this ModelRequest request)
    {
        var end = request.Prompt.IndexOf(OthersBegin, StringComparison.Ordinal);
        return end < 0 ? request.Prompt : request.Prompt[..end];
    }

    public static bool Wants(this ModelRequest request, Regex pattern) => pattern.IsMatch(request.Words());

    /// <summary>Whether a tool showed this text since the prompt.</summary>
    public static bool Saw(this ModelRequest request, string text) => request.Results.Any(r => r.Text.Contains(text, StringComparison.Ordinal));

    /// <summary>The words of a file as a tool showed it, without line numbers and the tool's own marks.</summary>
    public static string FileText(this ModelToolResult result) =>
        string.Join('\n', result.Text.ReplaceLineEndings("\n").Split('\n').Where(line => !Mark().IsMatch(line)).Select(line => Number().Replace(line, ""))).Trim();

    /// <summary>How the last tests went, as node's test runner counts; null when they did not run.</summary>
    public static (int Passed, int Failed)? Tests(this ModelRequest request)
    {
        var output = request.Results.LastOrDefault(r => Passed().IsMatch(r.Text))?.Text ?? "";
        return Passed().Match(output) is { Success: true } passed && Failed().Match(output) is { Success: true } failed
            ? (int.Parse(passed.Groups[1].Value), int.Parse(failed.Groups[1].Value))
            : null;
    }

    [GeneratedRegex(@"^\s*(?:</?(?:file|path|type|content)>.*|<path>.*|\(End of file.*)$")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\s*\d{1,6}(?:[|→\t] ?|: ?)")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(?:#|ℹ) pass (\d+)", RegexOptions.Multiline)]
    private static partial Regex Passed();

    [GeneratedRegex(@"^(?:#|ℹ) fail (\d+)", RegexOptions.Multiline)]
    private static partial Regex Failed();
}
