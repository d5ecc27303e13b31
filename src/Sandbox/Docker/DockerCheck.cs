using Bots.Sandbox.Docker.Api;

namespace Bots.Sandbox.Docker;

/// <summary>Finds out what keeps the engine from working for us, or from keeping every promise, each with the line that mends it.</summary>
internal static class DockerCheck
{
    const string Install = "apt-get install docker.io";

    public static async Task<IReadOnlyList<SandboxProblem>> Run(DockerOptions options, EngineClient engine, CancellationToken cancellation)
    {
        List<SandboxProblem> problems = [.. SidecarFiles.Check(options.SidecarDirectory, options.DotnetRoot, options.ControlDirectory)];
        if (!Path.IsPathRooted(options.Socket))
        {
            problems.Add(new($"{options.Socket} is not the path of a Unix socket; other ways to an engine are not supported.", "DOCKER_HOST=unix:///var/run/docker.sock"));
            return problems;
        }

        try
        {
            problems.AddRange(await Engine(options, engine, cancellation));
        }
        catch (EngineException failure)
        {
            problems.Add(new(DockerFailures.Translate(failure, options.Socket, SandboxFailure.Unavailable).Message, Mend(failure)));
        }

        return problems;
    }

    static async Task<List<SandboxProblem>> Engine(DockerOptions options, EngineClient engine, CancellationToken cancellation)
    {
        var version = await engine.Version(cancellation);
        if (version.IsTooOld) return [new(DockerFailures.TooOld(version).Message, Install)];

        var info = await engine.Info(cancellation);
        List<SandboxProblem> problems = [.. Limits(info), .. Safety(version, info)];
        if (await engine.Image(options.Image, cancellation) is null) problems.Add(new($"The engine has no image {options.Image}.", "./dev image"));
        return problems;
    }

    static IEnumerable<SandboxProblem> Safety(EngineVersion version, EngineInfo info)
    {
        if (info.System is { } system && system != "linux") yield return new($"The engine runs {system} containers; Linux ones are needed.", "switch it to Linux containers");
        if (info.HasSecurity("rootless") && !version.IsPodman)
            yield return new("A rootless Docker engine cannot give sandboxes folders that the service can read.", "use the system's Docker engine, or a rootless Podman's socket");
        if (!info.HasSecurity("seccomp"))
            yield return new("The engine filters no system calls: it, or the kernel, has no seccomp.", "use an engine built with seccomp") { Fatal = false };
        else if (version.LetsVsockThrough)
            yield return new($"Docker {version.Version} lets sandboxes of a virtual machine open sockets to its hypervisor (AF_VSOCK).", "use Docker 23 or later, or bubblewrap") { Fatal = false };
    }

    static IEnumerable<SandboxProblem> Limits(EngineInfo info)
    {
        const string kernel = "boot with the kernel command line: cgroup_enable=memory swapaccount=1 systemd.unified_cgroup_hierarchy=1";
        if (!info.MemoryLimit) yield return NotKept("memory");
        else if (!info.SwapLimit && HasSwap()) yield return new("A sandbox may use swap beyond its limit of memory: the engine cannot limit it.", kernel) { Fatal = false };
        if (!info.CpuCfsQuota && info.CgroupVersion != "2") yield return NotKept("processors");
        if (!info.PidsLimit) yield return NotKept("processes");

        static SandboxProblem NotKept(string what) => new($"The limit of {what} of a sandbox is not enforced: the engine cannot.", kernel) { Fatal = false };
    }

    static bool HasSwap() => File.ReadLines("/proc/swaps").Skip(1).Any();

    static string Mend(EngineException failure) => failure.Failure switch
    {
        EngineFailure.NotThere => $"{Install}, or start it: systemctl start docker",
        EngineFailure.NoPermission => "usermod -aG docker USER, and start the service anew",
        _ => "look into the engine's log: journalctl -u docker",
    };
}
