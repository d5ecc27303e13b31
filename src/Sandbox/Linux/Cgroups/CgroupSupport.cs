namespace Bots.Sandbox.Linux.Cgroups;

/// <summary>
/// Which limits cgroups can keep on this machine. There is no second best: resource limits of processes (setrlimit(2)) count each
/// process's address space, of which .NET and Node reserve far more than they use, and all processes of a user together.
/// </summary>
/// <param name="Places">Where groups are made; each controller in one of them at most.</param>
/// <param name="Missing">Controllers there is no place for, each with the reason.</param>
internal sealed record CgroupSupport(IReadOnlyList<CgroupPlace> Places, IReadOnlyDictionary<string, string> Missing)
{
    const string Delegate = "Give the service's systemd unit Delegate=yes and DelegateSubgroup=service (systemd 254 or later, cgroup v2), or run the service as root.";
    const string Enable = "Boot with cgroup v2 and its memory, pids and cpu controllers (kernel command line: systemd.unified_cgroup_hierarchy=1 cgroup_enable=memory), or mount those of version 1.";

    /// <summary>Looks at the machine, and tries each place with a group that is removed at once.</summary>
    public static CgroupSupport Find()
    {
        var trees = CgroupHierarchy.Parse(File.ReadAllText("/proc/self/cgroup"), File.ReadAllText("/proc/self/mountinfo"));
        return Find(trees, Environment.IsPrivilegedProcess, Environment.ProcessId);
    }

    internal static CgroupSupport Find(IReadOnlyList<CgroupHierarchy> trees, bool asRoot, int ownProcess)
    {
        List<CgroupPlace> candidates = [];
        if (trees.FirstOrDefault(t => t.Version == 2) is { } unified && CgroupPlace.Unified(unified, CgroupSettings.Controllers, asRoot, ownProcess) is { } place) candidates.Add(place);
        foreach (var controller in CgroupSettings.Controllers.Except(candidates.SelectMany(c => c.Controllers)).ToList())
        {
            if (trees.FirstOrDefault(t => t.Controllers.Contains(controller)) is { } tree) candidates.Add(new CgroupPlace(1, tree.Own, [controller]));
        }

        var missing = CgroupSettings.Controllers.Except(candidates.SelectMany(c => c.Controllers)).ToDictionary(c => c, _ => NoPlace(trees));
        List<CgroupPlace> places = [];
        foreach (var candidate in candidates)
        {
            if (Refusal(candidate) is not { } refusal) places.Add(candidate);
            else foreach (var controller in candidate.Controllers) missing[controller] = refusal;
        }

        return new CgroupSupport(places, missing);
    }

    /// <summary>What is not kept, for people.</summary>
    public IEnumerable<SandboxProblem> Problems() =>
        from controller in CgroupSettings.Controllers
        where Missing.ContainsKey(controller)
        group Named(controller) by Missing[controller] into names
        select new SandboxProblem($"The limit of {string.Join(" and of ", names)} of a sandbox is not enforced: {names.Key}.", names.Key == None ? Enable : Delegate) { Fatal = false };

    const string None = "this machine has no cgroup controller for it";

    static string NoPlace(IReadOnlyList<CgroupHierarchy> trees) =>
        trees.FirstOrDefault(t => t.Version == 2) is { } unified && File.Exists(Path.Combine(unified.Mount, "cgroup.controllers"))
        && File.ReadAllText(Path.Combine(unified.Mount, "cgroup.controllers")).Trim().Length > 0
            ? $"no group below {unified.Own} may be made by this user"
            : None;

    static string? Refusal(CgroupPlace place)
    {
        try
        {
            Directory.Delete(place.Create($"bots-probe-{Guid.NewGuid():N}", new ResourceLimits()));
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"no group in {place.Folder} may be made by this user";
        }
    }

    static string Named(string controller) => controller switch { "memory" => "memory", "pids" => "processes", _ => "processors" };
}
