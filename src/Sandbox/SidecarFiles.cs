using System.Text;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox;

/// <summary>What every provider needs of this machine to run the sidecar.</summary>
internal static class SidecarFiles
{
    const int LongestSocketPath = 100;

    public static IEnumerable<SandboxProblem> Check(string sidecarDirectory, string dotnetRoot, string controlDirectory)
    {
        if (!File.Exists(Path.Combine(sidecarDirectory, SandboxLayout.SidecarProgram)))
            yield return new($"The sidecar's files are not in {sidecarDirectory}.", "dotnet build src/Bots");

        if (!File.Exists(Path.Combine(dotnetRoot, "dotnet")))
            yield return new($"There is no .NET installation in {dotnetRoot} to run the sidecar with.", "apt-get install dotnet-runtime-10.0");

        var socket = Path.Combine(controlDirectory, Protocol.ControlSocketName);
        if (Encoding.UTF8.GetByteCount(socket) > LongestSocketPath)
            yield return new($"The control socket's path is longer than {LongestSocketPath} bytes: {socket}", "Bots__DataDirectory=/var/lib/bots");
    }
}
