using System.ComponentModel;
using System.Diagnostics;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>Finds out what keeps bubblewrap from working here, each with the line that mends it.</summary>
internal static class BubblewrapCheck
{
    static readonly Version OldestVersion = new(0, 8);

    public static async Task<IReadOnlyList<SandboxProblem>> Run(BubblewrapOptions options, CancellationToken cancellation)
    {
        List<SandboxProblem> problems = [.. Files(options)];
        if (options.FindCommand() is not { } command)
            problems.Add(new("bubblewrap is not installed.", "apt-get install bubblewrap"));
        else if (await Version(command, cancellation) is { } version && version < OldestVersion)
            problems.Add(new($"bubblewrap {version} is too old; {OldestVersion} is needed.", "apt-get install bubblewrap"));
        else if (await Namespaces(command, cancellation) is { } problem)
            problems.Add(problem);
        // As programs in the sandbox are started; it shows this machine's own env.
        if ((await Try("/usr/bin/env", ["--default-signal", "/bin/true"], cancellation)).Code != 0)
            problems.Add(new("This machine's env does not know --default-signal; that of GNU coreutils 8.31 or later does.", "apt-get install coreutils"));

        return problems;
    }

    static IEnumerable<SandboxProblem> Files(BubblewrapOptions options)
    {
        if (!File.Exists("/usr/bin/setsid")) yield return new("setsid is not installed.", "apt-get install util-linux");

        foreach (var problem in SidecarFiles.Check(options.SidecarDirectory, options.DotnetRoot, options.ControlDirectory)) yield return problem;
    }

    static async Task<Version?> Version(string command, CancellationToken cancellation)
    {
        var (_, output) = await Try(command, ["--version"], cancellation);
        return System.Version.TryParse(output.Split(' ').Last().Trim(), out var version) ? version : null;
    }

    static async Task<SandboxProblem?> Namespaces(string command, CancellationToken cancellation)
    {
        var (code, output) = await Try(command, [.. BubblewrapArguments.Isolation, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "/bin/true"], cancellation);
        if (code == 0) return null;

        string mend = 0 switch
        {
            _ when Setting("user/max_user_namespaces") == "0" => "sysctl -w user.max_user_namespaces=15000",
            _ when Setting("kernel/unprivileged_userns_clone") == "0" => "sysctl -w kernel.unprivileged_userns_clone=1",
            _ when Setting("kernel/apparmor_restrict_unprivileged_userns") == "1" => "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
            _ => "run the service as root, or allow unprivileged user namespaces on this machine",
        };
        return new SandboxProblem($"This machine does not let bubblewrap make namespaces: {output.Trim()}", mend);
    }

    static string? Setting(string name) => File.Exists($"/proc/sys/{name}") ? File.ReadAllText($"/proc/sys/{name}").Trim() : null;

    static async Task<(int Code, string Output)> Try(string command, string[] arguments, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output + await error);
        }
        catch (Win32Exception failure)
        {
            return (-1, failure.Message);
        }
    }
}
