using System.Text.RegularExpressions;
using Bots.Engine.Forges;

namespace Bots.Engine.Classification;

/// <summary>Works out which repository a message is about. Pure.</summary>
public static partial class RepositoryClassifier
{
    /// <summary>In order: named in the message; bound to the channel; a unique match of name, alias or description words; else a question.</summary>
    /// <param name="text">The requester's words.</param>
    /// <param name="channels">Id and name of the channel, as far as known.</param>
    public static RepositoryMatch Classify(string text, IReadOnlyList<string> channels, IReadOnlyList<KnownRepository> known)
    {
        var named = Named(text);
        if (known.FirstOrDefault(r => named.Any(n => n.Repository.Equals(r.Name))) is { } written)
        {
            return new RepositoryMatch.Found(written.Name, "named in the message");
        }

        if (named.FirstOrDefault(n => n.Surely) is { Repository: { } unknown }) return new RepositoryMatch.NotKnown(unknown);

        var bound = known.Where(r => r.Channels.Any(c => channels.Contains(c.TrimStart('#'), StringComparer.OrdinalIgnoreCase))).ToList();
        if (bound.Count == 1) return new RepositoryMatch.Found(bound[0].Name, "bound to this channel");

        var scores = (bound.Count > 0 ? bound : known).Select(r => (Repository: r, Score: Score(text, r))).ToList();
        var best = scores.Count > 0 ? scores.Max(s => s.Score) : 0;
        var winners = scores.Where(s => s.Score == best).Select(s => s.Repository).ToList();
        if (best > 0 && winners.Count == 1) return new RepositoryMatch.Found(winners[0].Name, $"the message speaks of {winners[0].Name.Name}");
        if (known.Count == 1) return new RepositoryMatch.Found(known[0].Name, "the only repository");

        return new RepositoryMatch.Ambiguous([.. scores.OrderByDescending(s => s.Score).ThenBy(s => s.Repository.Name.ToString(), StringComparer.OrdinalIgnoreCase).Select(s => s.Repository)]);
    }

    /// <summary>
    /// Repositories somebody wrote out: <c>repo:owner/name</c>, a repository or pull-request URL, <c>in owner/name</c>.
    /// Only the first form surely means a repository; the others may as well be some page or a path.
    /// </summary>
    private static List<(RepositoryName Repository, bool Surely)> Named(string text)
    {
        var found = new List<(RepositoryName, bool)>();
        foreach (var (pattern, surely) in (IEnumerable<(Regex, bool)>)[(Explicit(), true), (Url(), false), (InPhrase(), false)])
        {
            foreach (Match match in pattern.Matches(text))
            {
                var name = match.Groups["name"].Value.TrimEnd('.');
                name = name.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
                if (RepositoryName.TryParse($"{match.Groups["owner"].Value}/{name}", out var repository)) found.Add((repository, surely));
            }
        }

        return found;
    }

    private static int Score(string text, KnownRepository repository)
    {
        var words = Words(text);
        var score = 0;
        if (Mentions(text, repository.Name.ToString())) score += 100;
        else if (Mentions(text, repository.Name.Name)) score += 50;
        score += repository.Aliases.Any(alias => Mentions(text, alias)) ? 50 : 0;
        return score + Words(repository.Description).Count(words.Contains);
    }

    private static bool Mentions(string text, string name) =>
        name.Length > 0 && Regex.IsMatch(text, $@"(?<![\w-]){Regex.Escape(name)}(?![\w-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static HashSet<string> Words(string text) =>
        [.. Word().Matches(text).Select(m => m.Value.ToLowerInvariant()).Where(w => w.Length > 3 && !Common.Contains(w))];

    private static readonly HashSet<string> Common =
        ["this", "that", "with", "from", "have", "what", "when", "where", "which", "would", "should", "could", "please", "there", "their", "about", "make", "some", "test", "tests", "failing", "into", "your", "code", "repository", "project"];

    [GeneratedRegex(@"(?<!\w)repo:\s*(?<owner>[\w.-]+)/(?<name>[\w.-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Explicit();

    [GeneratedRegex(@"https?://[^/\s]+/(?<owner>[\w.-]+)/(?<name>[\w.-]+)(?:/(?:pull|issues|tree|blob|commit)/\S*)?(?=[\s/>)]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Url();

    [GeneratedRegex(@"(?<!\w)in\s+(?<owner>[A-Za-z0-9][\w-]*)/(?<name>[\w.-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex InPhrase();

    [GeneratedRegex(@"[\p{L}\p{N}_-]+")]
    private static partial Regex Word();
}

/// <summary>What the classifier thinks.</summary>
public abstract record RepositoryMatch
{
    private RepositoryMatch()
    {
    }

    /// <param name="Why">In words people read.</param>
    public sealed record Found(RepositoryName Repository, string Why) : RepositoryMatch;

    /// <summary>The message names a repository the bot has no access to.</summary>
    public sealed record NotKnown(RepositoryName Repository) : RepositoryMatch;

    /// <param name="Candidates">The likeliest first.</param>
    public sealed record Ambiguous(IReadOnlyList<KnownRepository> Candidates) : RepositoryMatch;
}
