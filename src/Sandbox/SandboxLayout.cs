using Bots.Sandbox.Wire;

namespace Bots.Sandbox;

/// <summary>What a sandbox looks like from within, whichever provider made it.</summary>
internal static class SandboxLayout
{
    public const string Workspace = "/workspace";

    public const string Home = "/home/agent";

    public const string Control = "/run/bots";

    public const string Sidecar = "/opt/bots/sidecar";

    public const string Dotnet = "/opt/bots/dotnet";

    public const string SidecarProgram = "Bots.Sidecar.dll";

    public const int User = 1000;

    /// <summary>True for a place that is ours, or in which one of ours lies.</summary>
    public static bool Covers(string path) =>
        new[] { Workspace, Home, Control, Sidecar, Dotnet }.Any(own => $"{own}/".StartsWith($"{path.TrimEnd('/')}/", StringComparison.Ordinal) || path.StartsWith($"{own}/", StringComparison.Ordinal));

    /// <summary>The sidecar's command. The sandbox's id is there for people who look at a list of processes, and for us after a crash.</summary>
    public static IReadOnlyList<string> Command(SandboxId sandbox) => [$"{Dotnet}/dotnet", "exec", $"{Sidecar}/{SidecarProgram}", sandbox.Value];

    /// <summary>The whole environment of the sidecar; its children have the same but for the registration token, and the session token besides.</summary>
    public static IReadOnlyDictionary<string, string> Environment(SandboxSpec spec) => new Dictionary<string, string>(spec.Environment)
    {
        [Protocol.RegistrationTokenVariable] = spec.RegistrationToken,
        ["HOME"] = Home,
        ["USER"] = "agent",
        ["LOGNAME"] = "agent",
        // Said, so that neither an image nor anybody else has programs look for their configuration in the checkout.
        ["XDG_CONFIG_HOME"] = $"{Home}/.config",
        ["XDG_DATA_HOME"] = $"{Home}/.local/share",
        ["XDG_STATE_HOME"] = $"{Home}/.local/state",
        ["XDG_CACHE_HOME"] = $"{Home}/.cache",
        ["SHELL"] = "/bin/sh",
        ["PATH"] = $"{Home}/.local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["LANG"] = "C.UTF-8",
        ["TMPDIR"] = "/tmp",
        ["NO_COLOR"] = "1",
        ["CI"] = "1",
        [Protocol.DiagnosticsVariable] = "0",
    };
}
