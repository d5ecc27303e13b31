using System.Text;

namespace Bots.Simulators.GitHub.Git;

/// <summary>Makes and writes bare repositories.</summary>
internal static class BareRepository
{
    public const string NoCommit = "0000000000000000000000000000000000000000";

    private static readonly (string Key, string Value)[] Settings =
    [
        ("http.receivepack", "true"),
        ("receive.hideRefs", "refs/pull"),
        ("receive.denyDeleteCurrent", "refuse"),
        ("receive.denyCurrentBranch", "ignore"),
        ("uploadpack.allowFilter", "true"),
        ("uploadpack.allowAnySHA1InWant", "true"),
        ("core.logAllRefUpdates", "false"),
        ("gc.auto", "0"),
        ("receive.autogc", "false"),
    ];

    /// <summary>Makes an empty bare repository; one left there by an earlier run is replaced.</summary>
    public static async Task Create(string path, string defaultBranch)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        Directory.CreateDirectory(path);
        await GitCommand.Run(path, "init", "--quiet", "--bare", "--template=", $"--initial-branch={defaultBranch}", ".");
        await Configure(path);
    }

    /// <summary>Copies the branches and tags of another repository.</summary>
    public static async Task Clone(string from, string path, string defaultBranch)
    {
        await Create(path, defaultBranch);
        await GitCommand.Run(path, "fetch", "--quiet", from, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*");
    }

    /// <summary>Commits files on a branch, which is begun from <paramref name="from"/> when it does not exist. Null as content deletes.</summary>
    /// <returns>The commit.</returns>
    public static async Task<string> Commit(
        string path,
        string branch,
        IReadOnlyDictionary<string, string?> files,
        string message,
        (string Name, string Email) author,
        DateTimeOffset at,
        string? from = null)
    {
        var parent = await Resolve(path, $"refs/heads/{branch}") ?? (from is null ? null : await Resolve(path, from));
        await GitCommand.RunWith(path, Import(branch, files, message, author, at, parent), "fast-import", "--quiet", "--date-format=raw");
        return await Resolve(path, $"refs/heads/{branch}") ?? throw new InvalidOperationException($"{branch} was not written.");
    }

    /// <summary>Makes a commit of a tree that exists.</summary>
    public static async Task<string> CommitTree(
        string path, string tree, IReadOnlyList<string> parents, string message, (string Name, string Email) author, DateTimeOffset at)
    {
        var text = new StringBuilder($"tree {tree}\n");
        foreach (var parent in parents) text.Append("parent ").Append(parent).Append('\n');
        foreach (var role in (string[])["author", "committer"])
            text.Append(role).Append($" {author.Name} <{author.Email}> {at.ToUnixTimeSeconds()} +0000\n");
        text.Append('\n').Append(message).Append('\n');
        var sha = await GitCommand.RunWith(path, Encoding.UTF8.GetBytes(text.ToString()), "hash-object", "-t", "commit", "-w", "--stdin");
        return sha.Trim();
    }

    /// <summary>The commit a name stands for, if any.</summary>
    public static async Task<string?> Resolve(string path, string revision)
    {
        if (revision.StartsWith('-')) return null;
        var result = await GitCommand.Try(path, ["rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"]);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    /// <summary>Branches and tags with what they point to.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Refs(string path)
    {
        var listing = await GitCommand.Run(path, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags");
        return listing.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(line => line[41..], line => line[..40], StringComparer.Ordinal);
    }

    private static async Task Configure(string path)
    {
        var lines = new StringBuilder();
        foreach (var section in Settings.GroupBy(s => s.Key.Split('.')[0]))
        {
            lines.Append('[').Append(section.Key).Append("]\n");
            foreach (var (key, value) in section) lines.Append('\t').Append(key.Split('.')[1]).Append(" = ").Append(value).Append('\n');
        }

        await File.AppendAllTextAsync(Path.Combine(path, "config"), lines.ToString());
        await WorkflowGuard.Install(path);
    }

    private static byte[] Import(
        string branch,
        IReadOnlyDictionary<string, string?> files,
        string message,
        (string Name, string Email) author,
        DateTimeOffset at,
        string? parent)
    {
        using var stream = new MemoryStream();
        void Line(string text) => stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
        void Data(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Line($"data {bytes.Length}");
            stream.Write(bytes);
            Line("");
        }

        Line($"commit refs/heads/{branch}");
        Line($"author {author.Name} <{author.Email}> {at.ToUnixTimeSeconds()} +0000");
        Line($"committer {author.Name} <{author.Email}> {at.ToUnixTimeSeconds()} +0000");
        Data(message);
        if (parent is not null) Line($"from {parent}");
        foreach (var (file, content) in files)
        {
            if (file.AsSpan().ContainsAny('"', '\n')) throw new ArgumentException($"'{file}' is not a plain path.", nameof(files));
            if (content is null)
            {
                Line($"D {file}");
                continue;
            }

            Line($"M {(content.StartsWith("#!", StringComparison.Ordinal) ? "100755" : "100644")} inline {file}");
            Data(content);
        }

        Line("done");
        return stream.ToArray();
    }
}
