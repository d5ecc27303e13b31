using Bots.Sandbox.Docker.Api;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Docker;

/// <summary>What the engine is told to make of a sandbox.</summary>
internal static class DockerContainer
{
    /// <summary>Holds <see cref="DockerOptions.Instance"/>.</summary>
    public const string InstanceLabel = "bots.docker.instance";

    /// <summary>Holds the sandbox's id.</summary>
    public const string SandboxLabel = "bots.docker.sandbox";

    const string OwnLabels = "bots.docker.";
    // The init's and the sidecar's threads are ours, not the sandbox's.
    const int OwnProcesses = 40;
    const long Billion = 1_000_000_000;

    // The engine's own list, and what newer kernels let everybody write to.
    static readonly string[] ReadOnlyProc = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", "/proc/pressure"];

    // The token comes through standard input: in the container's environment the engine would keep it and show it to whoever asks, and
    // the init process to the whole sandbox. The image's own PATH is kept.
    const string Script = $"""IFS= read -r {Protocol.RegistrationTokenVariable} && export {Protocol.RegistrationTokenVariable} PATH="$HOME/.local/bin:$PATH" && exec "$@" </dev/null""";

    public static string Name(SandboxId sandbox) => $"bots-{sandbox}";

    /// <summary>The filter that finds everything of an installation.</summary>
    public static string Filter(DockerOptions options) => $"{InstanceLabel}={options.Instance}";

    /// <summary>Whose it is, for whatever we make.</summary>
    public static IReadOnlyDictionary<string, string> Labels(SandboxId sandbox, DockerOptions options) => new Dictionary<string, string>
    {
        [InstanceLabel] = options.Instance,
        [SandboxLabel] = sandbox.Value,
    };

    /// <returns>Null for a container that has none of ours.</returns>
    public static RunningSandbox? Sandbox(IReadOnlyDictionary<string, string>? labels) =>
        labels is not null && labels.TryGetValue(SandboxLabel, out var id)
            ? new RunningSandbox(new SandboxId(id), labels.Where(l => !l.Key.StartsWith(OwnLabels, StringComparison.Ordinal)).ToDictionary())
            : null;

    /// <param name="image">The image's own wishes.</param>
    /// <param name="info">What the engine can do, and how many processors there are to share out.</param>
    public static CreateContainer For(SandboxSpec spec, DockerOptions options, DockerUser user, DockerWorkspace workspace, ImageDetails image, EngineInfo info) => new()
    {
        Image = image.Id ?? spec.Image ?? options.Image,
        Entrypoint = ["/bin/sh", "-c", Script, "sh"],
        Cmd = SandboxLayout.Command(spec.Id),
        Env = [.. Environment(spec, options).Select(v => $"{v.Key}={v.Value}")],
        User = user.ToString(),
        WorkingDir = SandboxLayout.Workspace,
        Hostname = "sandbox",
        Labels = new[] { spec.Labels, new LimitLabels(spec.Limits, workspace.Folder, spec.Home, workspace.Free).Write(), Labels(spec.Id, options) }.SelectMany(l => l).ToDictionary(),
        HostConfig = new HostConfig
        {
            NetworkMode = "none",
            UsernsMode = user.Namespace,
            IpcMode = "private",
            CgroupnsMode = "private",
            ReadonlyRootfs = true,
            ReadonlyPaths = ReadOnlyProc,
            CapDrop = ["ALL"],
            SecurityOpt = info.HasSecurity("selinux") ? ["no-new-privileges", "label=disable"] : ["no-new-privileges"],
            Init = true,
            Memory = spec.Limits.Memory,
            MemorySwap = spec.Limits.Memory,
            // More than there are is an error to the engine.
            NanoCpus = (long)(Math.Min(spec.Limits.Cpus, info.Processors > 0 ? info.Processors : spec.Limits.Cpus) * Billion),
            PidsLimit = ProcessesFor(spec.Limits),
            ShmSize = spec.Limits.Memory / 4,
            Ulimits = [new("core", 0, 0)],
            Tmpfs = Tmpfs(spec, image),
            Mounts = [workspace.Mount, Bind(spec.Home, SandboxLayout.Home), .. ReadOnly(spec, options).Select(m => Bind(m.Key, m.Value, readOnly: true))],
            LogConfig = new LogConfig("none"),
            RestartPolicy = new RestartPolicy("no"),
        },
    };

    /// <summary>Processes and threads a container may have.</summary>
    public static long ProcessesFor(ResourceLimits limits) => limits.Processes + OwnProcesses;

    public static Mount Bind(string host, string inside, bool readOnly = false) => new("bind", host, inside, readOnly);

    static Dictionary<string, string> Environment(SandboxSpec spec, DockerOptions options)
    {
        var all = new Dictionary<string, string>(SandboxLayout.Environment(spec).Concat(options.Environment));
        all.Remove(Protocol.RegistrationTokenVariable);
        if (!spec.Environment.ContainsKey("PATH")) all.Remove("PATH");
        return all;
    }

    static IEnumerable<KeyValuePair<string, string>> ReadOnly(SandboxSpec spec, DockerOptions options) =>
    [
        new(spec.ControlDirectory, SandboxLayout.Control),
        new(options.SidecarDirectory, SandboxLayout.Sidecar),
        new(options.DotnetRoot, SandboxLayout.Dotnet),
        .. spec.ReadOnly,
    ];

    /// <summary>The image's volumes would be room on the disk that nobody measures: they are in memory, too, and bounded by it.</summary>
    static Dictionary<string, string> Tmpfs(SandboxSpec spec, ImageDetails image)
    {
        const string mode = "rw,nosuid,nodev,exec,mode=1777";
        var all = (image.Config?.Volumes?.Keys ?? []).Where(path => !SandboxLayout.Covers(path)).ToDictionary(path => path, _ => $"{mode},size={spec.Limits.Memory / 8}");
        all["/tmp"] = $"{mode},size={spec.Limits.Memory / 2}";
        return all;
    }
}
