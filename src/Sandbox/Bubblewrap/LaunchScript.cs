using Bots.Sandbox.Linux.Trees;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>What a shell does before it becomes bwrap.</summary>
internal static class LaunchScript
{
    // Standard input becomes descriptor 3, standard output descriptor 4. Errors go to the same pipe, and nowhere once we have hung up:
    // a log file, open in bwrap, could be written to from the sandbox (/proc/1/fd/2).
    // Then, in this order: into the groups, so that nothing of the sandbox ever runs outside of them; the workspace's overlay, with the
    // tree as a descriptor that only mount has; and the command, with the filter as its descriptor 5.
    const string Text = """
        exec 3<&0 </dev/null 4>&1 2>&1
        while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit 1; shift; done
        if [ -n "$2" ]; then cd "$3" && mount -n -i -t overlay -o "$2" overlay merged 7<"$4" && cd / || exit 1; fi
        filter=$5; shift 5
        exec "$@" 5<"$filter"
        """;

    /// <param name="groups">Folders of cgroups.</param>
    /// <param name="filter">A file.</param>
    public static IReadOnlyList<string> Run(IReadOnlyList<string> groups, OverlayMount? overlay, string filter, IReadOnlyList<string> command) =>
    [
        .. overlay is null ? [] : Overlay.Namespace(overlay.Mode), "/bin/sh", "-c", Text, "sh", .. groups, "--",
        overlay is null ? "" : Overlay.Options(overlay.Mode), overlay?.Workspace ?? "", overlay?.Tree ?? "", filter, .. command,
    ];
}

/// <param name="Workspace">The folder with <c>upper</c>, <c>work</c> and <c>merged</c>.</param>
internal sealed record OverlayMount(OverlayMode Mode, string Workspace, string Tree);
