namespace Bots.Simulators.GitHub.Git;

internal sealed record Signature(string Name, string Email, DateTimeOffset Date);

internal sealed record CommitInfo(
    string Sha, string Tree, IReadOnlyList<string> Parents, Signature Author, Signature Committer, string Message)
{
    private const string Format = "%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%aI%x1f%cn%x1f%ce%x1f%cI%x1f%B%x1e";

    /// <summary>Commits of a range, newest first.</summary>
    public static async Task<IReadOnlyList<CommitInfo>> Log(string path, params IEnumerable<string> range)
    {
        var log = await GitCommand.Run(path, ["log", $"--format={Format}", .. range, "--"]);
        return [.. log.Split('\x1e').Select(entry => entry.TrimStart('\n')).Where(entry => entry.Length > 0).Select(Parse)];
    }

    private static CommitInfo Parse(string entry)
    {
        var fields = entry.Split('\x1f');
        return new CommitInfo(
            fields[0],
            fields[1],
            fields[2].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            new Signature(fields[3], fields[4], DateTimeOffset.Parse(fields[5])),
            new Signature(fields[6], fields[7], DateTimeOffset.Parse(fields[8])),
            fields[9].TrimEnd('\n'));
    }
}
