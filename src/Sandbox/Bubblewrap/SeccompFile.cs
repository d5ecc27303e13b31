using System.Runtime.InteropServices;
using Bots.Sandbox.Linux;
using Bots.Sandbox.Linux.Seccomp;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>The system call filter as bwrap reads it.</summary>
internal static class SeccompFile
{
    static readonly byte[]? Filter = SeccompArchitecture.Current is { } machine ? BpfInstruction.Bytes(SeccompFilter.For(machine)) : null;

    /// <summary>What bwrap is told; the file is its descriptor 5.</summary>
    public static IReadOnlyList<string> Arguments => Filter is null ? [] : ["--seccomp", "5"];

    /// <returns>The file; an empty one where we have no filter.</returns>
    public static string WriteTo(string folder)
    {
        if (Filter is null) return "/dev/null";

        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, "filter");
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(Filter)) AtomicFile.Write(path, Filter);
        return path;
    }

    public static IEnumerable<SandboxProblem> Problems()
    {
        if (Filter is null)
        {
            yield return new SandboxProblem($"System calls are not filtered: there is no filter for {RuntimeInformation.ProcessArchitecture}.", "Run the service on x86-64 or ARM64.") { Fatal = false };
        }
    }
}
