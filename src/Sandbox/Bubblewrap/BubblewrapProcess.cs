using System.Diagnostics;
using System.Text.Json;
using Bots.Sandbox.Linux;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>Starts bwrap so that it lives on without us: in a session of its own, with nothing of ours but a pipe we drop once the sidecar runs.</summary>
internal sealed class BubblewrapProcess : IDisposable
{
    const int MostLines = 50;
    readonly List<string> _said = [];
    readonly Process _process;

    BubblewrapProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>What it, or the sidecar, said when it failed.</summary>
    public string Said => string.Join(' ', _said);

    /// <param name="launch">Becomes bwrap, which takes its arguments from descriptor 3: our pipe, so that none of them (the registration
    /// token above all) is seen in the list of processes, here or in the sandbox. On descriptor 4, our other pipe, it says which process it made.</param>
    public static BubblewrapProcess Start(IReadOnlyList<string> launch, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo("/usr/bin/setsid", launch)
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };

        // bwrap's own environment can be read in the sandbox (/proc/1/environ): ours must not be in there.
        info.Environment.Clear();

        var process = Process.Start(info) ?? throw new InvalidOperationException("No process was started.");
        var started = new BubblewrapProcess(process);
        try
        {
            using var input = process.StandardInput;
            foreach (var argument in arguments) input.Write(argument + '\0');
        }
        catch (IOException)
        {
            // It ended before it read: what it says tells more than the broken pipe.
            return started;
        }

        return started;
    }

    /// <returns>The sandbox's first process; null when bwrap failed before it made one.</returns>
    public async Task<HostProcess?> Init(CancellationToken cancellation)
    {
        var text = "";
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (text == "" && line != "{")
            {
                Keep(line);
                continue;
            }

            text += line;
            if (line != "}") continue;

            using var info = JsonDocument.Parse(text);
            return HostProcess.Find(info.RootElement.GetProperty("child-pid").GetInt32());
        }

        return null;
    }

    /// <returns>False when it ended instead.</returns>
    public async Task<bool> Ready(CancellationToken cancellation)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line == Protocol.Ready) return true;
            Keep(line);
        }

        return false;
    }

    public void Dispose() => _process.Dispose();

    void Keep(string line)
    {
        if (_said.Count < MostLines) _said.Add(line);
    }
}
