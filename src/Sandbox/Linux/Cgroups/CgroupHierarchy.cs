using System.Text.RegularExpressions;

namespace Bots.Sandbox.Linux.Cgroups;

/// <summary>A mounted tree of cgroups, and the group this process is in.</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Mount">Where the tree's root is seen.</param>
/// <param name="Own">The folder of our own group.</param>
/// <param name="Controllers">What is limited there, version 1 only; in version 2 each group has a file that says so.</param>
internal sealed partial record CgroupHierarchy(int Version, string Mount, string Own, IReadOnlyList<string> Controllers)
{
    /// <param name="cgroup">What <c>/proc/self/cgroup</c> says (cgroups(7)).</param>
    /// <param name="mountinfo">What <c>/proc/self/mountinfo</c> says (proc(5)).</param>
    public static IReadOnlyList<CgroupHierarchy> Parse(string cgroup, string mountinfo)
    {
        var own = cgroup.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':', 3)).ToList();
        List<CgroupHierarchy> found = [];
        foreach (var line in mountinfo.Split('\n').Where(l => l.Contains(" - cgroup", StringComparison.Ordinal)))
        {
            var (place, kind) = (line[..line.IndexOf(" - ", StringComparison.Ordinal)].Split(' '), line[(line.IndexOf(" - ", StringComparison.Ordinal) + 3)..].Split(' '));
            var (root, mount) = (Plain(place[3]), Plain(place[4]));
            var path = kind[0] == "cgroup2"
                ? own.Find(o => o[0] == "0" && o[1] == "")
                : own.Find(o => o[1] != "" && o[1].Split(',').All(kind[2].Split(',').Contains));
            if (path is null || Below(root, path[2]) is not { } inside) continue;

            found.Add(kind[0] == "cgroup2"
                ? new(2, mount, Path.Join(mount, inside).TrimEnd('/'), [])
                : new(1, mount, Path.Join(mount, inside).TrimEnd('/'), path[1].Split(',')));
        }

        return found;
    }

    /// <summary>A container sees but a part of the tree; of what lies above it says <c>/..</c>.</summary>
    static string? Below(string root, string path) => path switch
    {
        _ when path.StartsWith("/..", StringComparison.Ordinal) => null,
        _ when root == "/" => path,
        _ when path == root => "",
        _ when path.StartsWith(root + "/", StringComparison.Ordinal) => path[root.Length..],
        _ => null,
    };

    static string Plain(string escaped) => Octal().Replace(escaped, m => ((char)Convert.ToInt32(m.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Octal();
}
