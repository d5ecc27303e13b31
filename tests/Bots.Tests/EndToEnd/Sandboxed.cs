using System.Diagnostics;

namespace Bots.Tests.EndToEnd;

/// <summary>An installation's only sandbox as the host sees it: its agent, and named pipes through which what runs in there waits for the test.</summary>
internal sealed class Sandboxed
{
    private readonly Installation _world;
    private readonly string _pipes;

    private Sandboxed(Installation world, string pipes) => (_world, _pipes) = (world, pipes);

    /// <summary>Once the repository is checked out.</summary>
    /// <param name="pipes">Made in the checkout's <c>.git</c>, where no commit takes them up.</param>
    public static async Task<Sandboxed> Of(Installation world, params string[] pipes)
    {
        var workspaces = Path.Combine(world.DataDirectory, "workspaces");
        var git = Directory.GetDirectories(workspaces).Select(workspace => Path.Combine(workspace, "workspace", ".git")).Single(Directory.Exists);
        using var made = Process.Start(new ProcessStartInfo("mkfifo", pipes) { WorkingDirectory = git })!;
        await made.WaitForExitAsync();
        made.ExitCode.ShouldBe(0);
        return new Sandboxed(world, git);
    }

    /// <summary>Returns when somebody has written to a pipe.</summary>
    public Task Read(string pipe) => Task.Run(() => File.ReadAllText(Path.Combine(_pipes, pipe))).WaitAsync(Installation.Patience, TimeProvider.System);

    /// <summary>Returns when somebody reads a pipe.</summary>
    public Task Write(string pipe) => Task.Run(() => File.WriteAllText(Path.Combine(_pipes, pipe), "\n")).WaitAsync(Installation.Patience, TimeProvider.System);

    /// <summary>The agent's processes, by number and by when they began: never the same for two of them.</summary>
    public IReadOnlyList<string> Agent() =>
    [
        .. from folder in Directory.GetDirectories("/proc")
           where int.TryParse(Path.GetFileName(folder), out _)
           where Text(folder, "cmdline").Contains("opencode", StringComparison.Ordinal) && Text(folder, "mountinfo").Contains(_world.DataDirectory, StringComparison.Ordinal)
           select $"{Path.GetFileName(folder)} begun at {Text(folder, "stat").Split(' ')[^31]}",
    ];

    private static string Text(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
