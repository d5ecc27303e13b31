using System.ComponentModel;
using System.Diagnostics;
using Bots.Sandbox.Linux.Trees;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>Whether overlays can be mounted here, found out by mounting one.</summary>
/// <param name="Mode">Null when they cannot.</param>
/// <param name="Refusal">Why not.</param>
internal sealed record OverlayProbe(OverlayMode? Mode, string Refusal)
{
    /// <param name="directory">On the file system the workspaces are on. What is made in it is removed.</param>
    public static async Task<OverlayProbe> Run(string directory, CancellationToken cancellation)
    {
        var refusal = "";
        foreach (var mode in Environment.IsPrivilegedProcess ? [OverlayMode.AsRoot, OverlayMode.AsUser] : (OverlayMode[])[OverlayMode.AsUser])
        {
            var place = Path.Combine(directory, $"probe-{Guid.NewGuid():N}");
            try
            {
                var said = await Mount(mode, place, cancellation);
                if (said is null) return new OverlayProbe(mode, "");
                refusal = said;
            }
            finally
            {
                TreeWorkspace.Open(place);
                Directory.Delete(place, recursive: true);
            }
        }

        return new OverlayProbe(null, refusal);
    }

    public IEnumerable<SandboxProblem> Problems()
    {
        if (Mode is null)
        {
            yield return new SandboxProblem(
                $"Prepared repositories are copied for each session, which takes longer: no overlay can be mounted here ({Refusal}).",
                "Run the service as root, or on Linux 5.11 or later as a user who may make user namespaces, with its data on a file system that is no overlay itself.") { Fatal = false };
        }
    }

    /// <returns>Null when it worked.</returns>
    static async Task<string?> Mount(OverlayMode mode, string place, CancellationToken cancellation)
    {
        var tree = Directory.CreateDirectory(Path.Combine(place, "tree")).FullName;
        foreach (var name in (string[])["upper", "work", "merged"]) Directory.CreateDirectory(Path.Combine(place, name));
        await File.WriteAllTextAsync(Path.Combine(tree, "file"), "", cancellation);

        var command = LaunchScript.Run([], new OverlayMount(mode, place, tree), "/dev/null", ["/bin/sh", "-c", "cd \"$1\" && rm merged/file && mkdir merged/file", "sh", place]);
        var info = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(info)!;
            process.StandardInput.Close();
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? null : string.Join(' ', string.Concat(said).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
        catch (Win32Exception failure)
        {
            return failure.Message;
        }
    }
}
