using System.Globalization;
using System.Text;

namespace Bots.Sandbox.Tests.Support;

internal static class HostProcesses
{
    /// <summary>The command lines, as everybody on this machine can see them, that hold a word.</summary>
    public static IReadOnlyList<string> With(string word) =>
        [.. Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)).Select(CommandLine).Where(l => l.Contains(word, StringComparison.Ordinal))];

    /// <summary>The ids, as the host counts, of processes whose command line holds a word.</summary>
    public static IReadOnlyList<int> IdsWith(string word) =>
        [.. Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _) && CommandLine(d).Contains(word, StringComparison.Ordinal)).Select(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))];

    /// <summary>The environments of processes whose command line holds a word, as far as we may read them.</summary>
    public static IReadOnlyList<string> EnvironmentsOf(string word) =>
        [.. Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _) && CommandLine(d).Contains(word, StringComparison.Ordinal)).Select(d => Read(d, "environ"))];

    static string CommandLine(string folder) => Read(folder, "cmdline");

    static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file), Encoding.UTF8);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
