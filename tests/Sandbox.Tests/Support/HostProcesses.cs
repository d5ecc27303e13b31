using System.Text;

namespace Bots.Sandbox.Tests.Support;

internal static class HostProcesses
{
    /// <summary>The command lines, as everybody on this machine can see them, that hold a word.</summary>
    public static IReadOnlyList<string> With(string word) =>
        [.. Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)).Select(CommandLine).Where(l => l.Contains(word, StringComparison.Ordinal))];

    static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(folder + "/cmdline", Encoding.UTF8);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
