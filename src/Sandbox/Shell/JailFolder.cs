using System.IO.Pipes;
using Bots.Sandbox.Bubblewrap;

namespace Bots.Sandbox.Shell;

/// <summary>A folder of ours for one jail, closed to other users; gone when it is disposed of.</summary>
internal sealed class JailFolder : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("jail-").FullName;
    readonly PipeStream _life;

    public JailFolder()
    {
        EtcFiles.WriteTo(Etc);
        Directory.CreateDirectory(Shell);
        File.WriteAllText(Path.Combine(Shell, "supervisor"), JailScripts.Supervisor);
        File.WriteAllText(Path.Combine(Shell, "loop"), JailScripts.Loop);
        (var reading, _life) = NamedPipe.Create(Path.Combine(Shell, "life"));
        reading.Dispose();
    }

    public string Etc => Path.Combine(_root, "etc");

    /// <summary>Seen read-only in the jail.</summary>
    public string Shell => Path.Combine(_root, "shell");

    /// <summary>As when our process ends.</summary>
    public void LetGo() => _life.Dispose();

    public void Dispose()
    {
        LetGo();
        Directory.Delete(_root, recursive: true);
    }
}
