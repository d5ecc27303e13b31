using System.Text.RegularExpressions;
using Bots.Engine;
using Bots.Engine.Intake;

namespace Bots.GitHub;

/// <summary>What a comment asks of us, before anybody looked who wrote it.</summary>
public abstract record GitHubAsk
{
    private GitHubAsk()
    {
    }

    public sealed record Nothing(string Why) : GitHubAsk;

    /// <param name="Text">May be empty.</param>
    public sealed record Prompt(string Text) : GitHubAsk;

    public sealed record Answer(IReadOnlyList<GitHubAnswerTo> Decisions) : GitHubAsk;

    public sealed record Stop : GitHubAsk;

    /// <summary>A command nobody can understand; a guess could allow something.</summary>
    public sealed record Unclear(string Hint) : GitHubAsk;
}

/// <param name="Permission">Null for the one that is open.</param>
public sealed record GitHubAnswerTo(PermissionId? Permission, PermissionDecision Decision, string? Reason = null);

/// <summary>Reads the commands people type.</summary>
public static partial class GitHubCommands
{
    /// <param name="names">What the bot is called, without <c>@</c>.</param>
    public static GitHubAsk Read(string comment, IReadOnlyList<string> names)
    {
        var text = comment.ReplaceLineEndings("\n").TrimStart();
        var asked = AfterMention(text, names) ?? After(text, "/bots");
        return Command(asked ?? text) ?? (asked is null ? Within(text, names) : new GitHubAsk.Prompt(asked));
    }

    /// <summary>Somebody speaks to the bot in the midst of a comment. What stands before may turn a command around, so none is taken there.</summary>
    private static GitHubAsk Within(string text, IReadOnlyList<string> names)
    {
        var mentions = GitHubMention.In(text, names);
        if (mentions.Count == 0) return new GitHubAsk.Nothing("it does not ask the bot");
        return mentions.Any(m => Command(text[m.End..].TrimStart(' ', ',', ':')) is not null)
            ? new GitHubAsk.Unclear("I take commands only at the beginning of a comment: begin it with `/approve`, `/deny` or `/stop`.")
            : new GitHubAsk.Prompt(GitHubMention.Without(text, mentions));
    }

    private static GitHubAsk? Command(string text)
    {
        if (After(text, "/stop") is not null) return new GitHubAsk.Stop();
        if (After(text, "/approve") is { } approve) return Approve(approve);
        if (After(text, "/deny") is { } deny) return Deny(deny);
        return null;
    }

    private static GitHubAsk Approve(string rest)
    {
        var line = rest.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return line switch
        {
            [] => One(null, PermissionDecision.AllowOnce),
            ["always"] => One(null, PermissionDecision.AllowSession),
            [var id] when Id().IsMatch(id) => One(id, PermissionDecision.AllowOnce),
            [var id, "always"] when Id().IsMatch(id) => One(id, PermissionDecision.AllowSession),
            _ => new GitHubAsk.Unclear("I did not understand that approval. Write `/approve`, `/approve <id>` or `/approve <id> always`."),
        };
    }

    private static GitHubAsk.Answer Deny(string rest)
    {
        var first = rest.Split([' ', '\n'], 2, StringSplitOptions.TrimEntries);
        return Id().IsMatch(first[0])
            ? One(first[0], PermissionDecision.Deny, first.Length > 1 ? first[1] : null)
            : One(null, PermissionDecision.Deny, rest);
    }

    private static GitHubAsk.Answer One(string? id, PermissionDecision decision, string? reason = null) =>
        new([new(id is null ? null : new PermissionId(id), decision, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim())]);

    private static string? AfterMention(string text, IReadOnlyList<string> names) =>
        names.Select(n => After(text, $"@{n}[bot]") ?? After(text, $"@{n}")).FirstOrDefault(t => t is not null);

    /// <summary>What follows a word at the very start; null when another word stands there.</summary>
    private static string? After(string text, string word)
    {
        if (!text.StartsWith(word, StringComparison.OrdinalIgnoreCase)) return null;
        var rest = text[word.Length..];
        return rest.Length > 0 && (char.IsLetterOrDigit(rest[0]) || rest[0] is '-' or '_' or '/' or '[') ? null : rest.TrimStart(' ', '\t', '\n', ',', ':').TrimEnd();
    }

    [GeneratedRegex("^[0-9a-f]{12}$")]
    private static partial Regex Id();
}
