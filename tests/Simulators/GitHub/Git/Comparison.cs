using System.Collections.Concurrent;

namespace Bots.Simulators.GitHub.Git;

/// <summary>What git says about a head against a base.</summary>
/// <param name="Commits">Commits of the head that the base has not, oldest first.</param>
/// <param name="Mergeable">Whether they merge without conflict.</param>
internal sealed record Comparison(
    string Base, string Head, string? MergeBase, IReadOnlyList<CommitInfo> Commits, int BehindBy, IReadOnlyList<FileChange> Files, bool Mergeable)
{
    public int Additions => Files.Sum(f => f.Additions);

    public int Deletions => Files.Sum(f => f.Deletions);

    public string Status => (Commits.Count, BehindBy) switch
    {
        (0, 0) => "identical",
        (0, _) => "behind",
        (_, 0) => "ahead",
        _ => "diverged",
    };
}

/// <summary>Comparisons by commit; as commits never change, each is made once.</summary>
internal sealed class Comparisons
{
    private readonly ConcurrentDictionary<(string, string, string), Comparison> _known = [];

    public async Task<Comparison> Compare(string path, string @base, string head)
    {
        if (_known.TryGetValue((path, @base, head), out var known)) return known;
        var made = await Make(path, @base, head);
        return _known.GetOrAdd((path, @base, head), made);
    }

    private static async Task<Comparison> Make(string path, string @base, string head)
    {
        var found = await GitCommand.Try(path, ["merge-base", @base, head]);
        if (found.ExitCode != 0) return new Comparison(@base, head, null, [], 0, [], Mergeable: false);
        var mergeBase = found.Output.Trim();
        var commits = await CommitInfo.Log(path, "--reverse", "--topo-order", $"{@base}..{head}");
        var behind = await GitCommand.Run(path, "rev-list", "--count", $"{head}..{@base}");
        var files = await FileChanges.Between(path, mergeBase, head);
        var merge = await GitCommand.Try(path, ["merge-tree", "--write-tree", @base, head]);
        return new Comparison(@base, head, mergeBase, commits, int.Parse(behind), files, merge.ExitCode == 0);
    }
}
