using System.Diagnostics;

namespace Bots.Tests.Gateway;

/// <summary>The real git, untouched by whatever is configured on this machine.</summary>
internal static class Git
{
    /// <exception cref="ShouldAssertException">It failed.</exception>
    public static async Task<string> Run(string directory, params string[] arguments)
    {
        var (code, output) = await Try(directory, arguments);
        code.ShouldBe(0, $"git {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    /// <returns>The exit code and what it printed, errors included: what its user sees.</returns>
    public static async Task<(int Code, string Output)> Try(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { UseShellExecute = false, WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = directory;
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C";
        foreach (var role in new[] { "AUTHOR", "COMMITTER" })
        {
            start.Environment[$"GIT_{role}_NAME"] = "Test";
            start.Environment[$"GIT_{role}_EMAIL"] = "test@example.com";
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
