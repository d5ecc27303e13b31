using System.Diagnostics;

namespace Bots.Simulators.GitHub.Git;

/// <summary>Reads the bytes of a file.</summary>
internal static class GitBlob
{
    public static async Task<byte[]> Read(string path, string sha)
    {
        using var process = Process.Start(GitCommand.Prepare(path, ["cat-file", "blob", sha]))!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        using var bytes = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(bytes);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"git cat-file ended with {process.ExitCode}: {(await error).Trim()}");
        return bytes.ToArray();
    }
}
