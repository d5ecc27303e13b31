using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bots.Bench.World;

/// <summary>The programs that are started, and how.</summary>
public static class Programs
{
    public static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    public static string Service { get; } = Path.Combine(AppContext.BaseDirectory, "Bots.dll");

    public static string Bench { get; } = typeof(Programs).Assembly.Location;

    public static string Root { get; } = FindRoot();

    public static string Hello { get; } = FindHello();

    /// <summary>Runs a program to its end.</summary>
    public static async Task Run(string command, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command} ended with {process.ExitCode}: {string.Concat(said)}");
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Bots.sln"))) directory = directory.Parent ?? throw new InvalidOperationException("The repository's root was not found.");
        return directory.FullName;
    }

    private static string FindHello()
    {
        // bin/<configuration>/<framework> is the same for both.
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(Root, "bench", "Hello", "bin", framework.Parent!.Name, framework.Name, "Hello.dll");
    }
}
