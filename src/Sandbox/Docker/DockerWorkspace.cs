using Bots.Sandbox.Docker.Api;
using Bots.Sandbox.Linux.Trees;

namespace Bots.Sandbox.Docker;

/// <summary>What a container sees at <c>/workspace</c>.</summary>
/// <param name="Folder">The host's folder that holds what belongs to the session alone.</param>
/// <param name="Free">Bytes in there that do not count against its disk.</param>
/// <param name="Volume">An overlay over the tree, which the engine mounts for as long as the container runs; null for a plain folder.</param>
internal sealed record DockerWorkspace(string Folder, long Free, CreateVolume? Volume)
{
    public Mount Mount => Volume is null
        ? DockerContainer.Bind(Folder, SandboxLayout.Workspace)
        : new Mount("volume", Volume.Name, SandboxLayout.Workspace, ReadOnly: false) { VolumeOptions = new VolumeOptions(NoCopy: true) };

    /// <param name="overlays">False when the engine cannot mount any: a workspace that begins now is a copy.</param>
    public static async Task<DockerWorkspace> Prepare(SandboxSpec spec, DockerOptions options, bool overlays, CancellationToken cancellation)
    {
        if (spec.Tree is null) return new DockerWorkspace(spec.Workspace, 0, null);

        var begun = TreeWorkspace.Find(spec.Workspace)
            ?? await TreeWorkspace.Begin(spec.Workspace, spec.Tree, overlays ? TreeMethod.Overlay : TreeMethod.Copy, cancellation);
        return new DockerWorkspace(begun.Own, begun.Bytes, begun.Method == TreeMethod.Overlay ? Overlay(spec, begun, options) : null);
    }

    static CreateVolume Overlay(SandboxSpec spec, TreeWorkspace workspace, DockerOptions options) => new(
        DockerContainer.Name(spec.Id),
        "local",
        new Dictionary<string, string>
        {
            ["type"] = "overlay",
            ["device"] = "overlay",
            // A directory of the tree can be renamed in one step, as programs expect.
            ["o"] = $"lowerdir={Escape(spec.Tree!)},upperdir={Escape(workspace.Own)},workdir={Escape(Path.Combine(workspace.Folder, "work"))},redirect_dir=on",
        },
        DockerContainer.Labels(spec.Id, options));

    /// <summary>As the kernel reads mount options: a comma ends one, and a colon one of several lower folders.</summary>
    static string Escape(string path) => path.Replace("\\", "\\\\").Replace(",", "\\,").Replace(":", "\\:");
}
