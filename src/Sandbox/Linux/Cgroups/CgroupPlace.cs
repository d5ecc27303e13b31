namespace Bots.Sandbox.Linux.Cgroups;

/// <summary>A folder in which we may make groups.</summary>
internal sealed record CgroupPlace(int Version, string Folder, IReadOnlyList<string> Controllers)
{
    /// <summary>The group the service's own process goes to where it would be in the way; the same that <c>DelegateSubgroup=</c> should name.</summary>
    public const string ServiceGroup = "service";

    /// <summary>Makes a group with limits.</summary>
    /// <exception cref="IOException">It cannot be made; nothing is left.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public string Create(string name, ResourceLimits limits)
    {
        var group = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        try
        {
            foreach (var setting in Controllers.SelectMany(c => CgroupSettings.For(Version, c, limits)))
            {
                var file = Path.Combine(group, setting.File);
                if (!setting.Optional || File.Exists(file)) File.WriteAllText(file, setting.Value);
            }

            return group;
        }
        catch
        {
            Directory.Delete(group);
            throw;
        }
    }

    /// <summary>
    /// Where in a version 2 tree groups can be made. A group with processes of its own cannot share out controllers: either the service
    /// is in a group below the one that was delegated to it, or it goes there, or, as root, groups are made at the top.
    /// </summary>
    /// <returns>Null when there is no such place.</returns>
    public static CgroupPlace? Unified(CgroupHierarchy tree, IReadOnlyList<string> wanted, bool asRoot, int ownProcess)
    {
        var place = Candidates(tree, asRoot).Select(folder => SharesOut(folder, wanted)).FirstOrDefault(p => p is not null);
        if (place is not null) return place;
        return !asRoot && Vacate(tree.Own, ownProcess) ? SharesOut(tree.Own, wanted) : null;
    }

    /// <summary>An ordinary user can write only what was delegated, however far up that is; root could write everywhere, and must not.</summary>
    static IEnumerable<string> Candidates(CgroupHierarchy tree, bool asRoot)
    {
        if (asRoot) return Path.GetFileName(tree.Own) == ServiceGroup ? [Path.GetDirectoryName(tree.Own)!, tree.Own, tree.Mount] : [tree.Own, tree.Mount];

        List<string> folders = [];
        for (var folder = tree.Own; folder.Length > tree.Mount.Length; folder = Path.GetDirectoryName(folder)!) folders.Add(folder);
        return folders;
    }

    static CgroupPlace? SharesOut(string folder, IReadOnlyList<string> wanted)
    {
        try
        {
            var offered = Words(folder, "cgroup.controllers").Intersect(wanted).ToList();
            var missing = offered.Except(Words(folder, "cgroup.subtree_control")).Select(c => $"+{c}").ToList();
            if (missing.Count > 0) File.WriteAllText(Path.Combine(folder, "cgroup.subtree_control"), string.Join(' ', missing));
            return offered.Count > 0 ? new CgroupPlace(2, folder, offered) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Only ever moves ourselves: whatever else is in there is somebody else's.</summary>
    static bool Vacate(string folder, int ownProcess)
    {
        try
        {
            if (!Words(folder, "cgroup.procs").SequenceEqual([$"{ownProcess}"])) return false;

            var below = Directory.CreateDirectory(Path.Combine(folder, ServiceGroup)).FullName;
            File.WriteAllText(Path.Combine(below, "cgroup.procs"), $"{ownProcess}");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static string[] Words(string folder, string file) =>
        File.ReadAllText(Path.Combine(folder, file)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
