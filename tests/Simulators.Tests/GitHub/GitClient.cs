using System.Diagnostics;
using System.Text;

namespace Bots.Simulators.Tests.GitHub;

/// <summary>The real git, in a folder of its own and without the machine's configuration.</summary>
internal sealed class GitClient : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("git-client-");

    public string Folder => _folder.FullName;

    /// <summary>The option that sends a token along.</summary>
    public static string[] Authorized(string token) =>
        ["-c", "http.extraHeader=Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:" + token))];

    /// <summary>Runs git below the folder. Words are split at spaces.</summary>
    public Task<(int ExitCode, string Output)> Run(string words, string[]? options = null, string directory = "") =>
        Run([.. options ?? [], .. words.Split(' ')], directory);

    public async Task<(int ExitCode, string Output)> Run(string[] arguments, string directory = "")
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Path.Combine(Folder, directory), UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["no_proxy"] = "127.0.0.1";
        foreach (var role in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{role}_NAME"] = "Ada";
            start.Environment[$"GIT_{role}_EMAIL"] = "11+ada@users.noreply.github.com";
            start.Environment[$"GIT_{role}_DATE"] = "2026-11-20T09:00:00Z";
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Writes a file into a clone and commits it.</summary>
    public async Task Commit(string directory, string file, string content)
    {
        var path = Path.Combine(Folder, directory, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content);
        (await Run(["add", "-A"], directory)).ExitCode.ShouldBe(0);
        (await Run(["commit", "-q", "-m", "Change " + file], directory)).ExitCode.ShouldBe(0);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
