using System.Text;

namespace Bots.Simulators.GitHub.Git;

/// <summary>One file of a diff.</summary>
/// <param name="Status">added, removed, modified, renamed or copied.</param>
/// <param name="Patch">The hunks; null for a binary file or a change without lines.</param>
public sealed record FileChange(
    string Path, string Status, string Sha, int Additions, int Deletions, string? Patch, string? PreviousPath);

internal static class FileChanges
{
    /// <summary>The changes between two commits, with renames found.</summary>
    public static async Task<IReadOnlyList<FileChange>> Between(string repository, string from, string to)
    {
        var raw = await GitCommand.Run(repository, "diff", "-M", "--raw", "--no-abbrev", "-z", from, to, "--");
        var counts = await GitCommand.Run(repository, "diff", "-M", "--numstat", from, to, "--");
        var text = await GitCommand.Run(repository, "diff", "-M", from, to, "--");
        var patches = Patches(text);
        var numbers = counts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToList();
        return [.. Entries(raw).Select((entry, index) => Change(entry, numbers[index], patches.Count == numbers.Count ? patches[index] : null))];
    }

    private static FileChange Change(RawEntry entry, string[] numbers, string? patch) => new(
        entry.Path,
        entry.Letter switch { 'A' => "added", 'D' => "removed", 'R' => "renamed", 'C' => "copied", 'T' => "changed", _ => "modified" },
        entry.Letter == 'D' ? entry.OldSha : entry.NewSha,
        int.TryParse(numbers[0], out var added) ? added : 0,
        int.TryParse(numbers[1], out var deleted) ? deleted : 0,
        patch,
        entry.OldPath);

    private static IEnumerable<RawEntry> Entries(string raw)
    {
        var parts = raw.Split('\0');
        for (var i = 0; i + 1 < parts.Length;)
        {
            var head = parts[i++].Split(' ');
            var first = parts[i++];
            var moved = head[4][0] is 'R' or 'C';
            yield return new RawEntry(head[4][0], head[2], head[3], moved ? parts[i++] : first, moved ? first : null);
        }
    }

    /// <summary>Splits a diff into the hunks of each file, in order.</summary>
    private static List<string?> Patches(string diff)
    {
        var patches = new List<StringBuilder?>();
        var inHunks = false;
        foreach (var line in diff.Split('\n'))
        {
            if (line.StartsWith("diff --git ", StringComparison.Ordinal))
            {
                patches.Add(null);
                inHunks = false;
                continue;
            }

            inHunks |= patches.Count > 0 && line.StartsWith("@@ ", StringComparison.Ordinal);
            if (inHunks) (patches[^1] ??= new StringBuilder()).Append(line).Append('\n');
        }

        return [.. patches.Select(p => p?.ToString().TrimEnd('\n'))];
    }

    private sealed record RawEntry(char Letter, string OldSha, string NewSha, string Path, string? OldPath);
}
