using System.Diagnostics;

namespace Bots.Tests.EndToEnd;

/// <summary>Looks at a pushed branch as anybody else would: clones it and runs its tests.</summary>
internal static class Checkout
{
    public static async Task<bool> TestsPass(Installation world, string branch)
    {
        var directory = Directory.CreateTempSubdirectory("bots-check-");
        try
        {
            var cloned = await Run("git", directory.FullName, "clone", "--quiet", "--branch", branch, new Uri(world.GitHub.WebUrl, $"{Installation.Calculator}.git").ToString(), ".");
            cloned.ShouldBe(0);
            return await Run("npm", directory.FullName, "test") == 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<int> Run(string program, string directory, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), process.WaitForExitAsync());
        return process.ExitCode;
    }
}
