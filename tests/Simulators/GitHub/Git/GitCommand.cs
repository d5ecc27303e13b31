using System.Diagnostics;
using System.Text;

namespace Bots.Simulators.GitHub.Git;

/// <summary>What a git command said.</summary>
public sealed record GitResult(int ExitCode, string Output, string Error);

/// <summary>Runs git out of reach of the machine's own configuration.</summary>
internal static class GitCommand
{
    /// <summary>A start of git with an environment in which only the repository's own configuration counts.</summary>
    public static ProcessStartInfo Prepare(string directory, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(inherited);
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }

    /// <summary>Runs to the end, whatever the exit code.</summary>
    public static async Task<GitResult> Try(string directory, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default)
    {
        using var process = Process.Start(Prepare(directory, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException exception)
        {
            // git may end before it has read everything; its exit code and words tell why.
            Debug.WriteLine(exception.Message);
        }

        await process.WaitForExitAsync();
        return new GitResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs to a successful end and returns what git wrote.</summary>
    /// <exception cref="InvalidOperationException">git failed.</exception>
    public static async Task<string> Run(string directory, params IEnumerable<string> arguments) =>
        await RunWith(directory, default, arguments);

    /// <inheritdoc cref="Run"/>
    public static async Task<string> RunWith(string directory, ReadOnlyMemory<byte> input, params IEnumerable<string> arguments)
    {
        var words = arguments.ToList();
        var result = await Try(directory, words, input);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"git {words.FirstOrDefault()} ended with {result.ExitCode}: {result.Error.Trim()}");
    }
}
