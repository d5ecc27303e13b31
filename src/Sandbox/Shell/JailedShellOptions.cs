using System.Text.RegularExpressions;

namespace Bots.Sandbox.Shell;

/// <summary>All paths on the host are absolute.</summary>
public sealed partial record JailedShellOptions
{
    /// <summary>A folder that exists; seen, writable, at <c>/workspace</c>, where the shell begins. Its files belong to our own user, inside as outside.</summary>
    public required string Workspace { get; init; }

    /// <summary>Further host folders or files to be seen read-only, host path → path in the jail.</summary>
    public IReadOnlyDictionary<string, string> ReadOnly { get; init; } = new Dictionary<string, string>();

    /// <summary>The shell's environment, besides <c>HOME</c>, <c>PATH</c>, <c>USER</c>, <c>LANG</c> and <c>TMPDIR</c>, which may be replaced. Seen by everybody on this machine who may list processes: not for secrets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a command may run. More than 0.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How much of a command's output, and of its error output, is kept: the beginning and the end. At least 2.</summary>
    public int OutputBytes { get; init; } = 1024 * 1024;

    /// <summary>bubblewrap: a name to be found in <c>PATH</c>, or a path.</summary>
    public string Command { get; init; } = "bwrap";

    internal void Validate()
    {
        if (!Path.IsPathRooted(Workspace) || !Directory.Exists(Workspace)) throw Wrong(nameof(Workspace), $"'{Workspace}' is not the absolute path of a folder that exists.");
        if (ReadOnly.Keys.FirstOrDefault(p => !Path.IsPathRooted(p) || !Path.Exists(p)) is { } missing) throw Wrong(nameof(ReadOnly), $"'{missing}' is not an absolute path that exists.");
        if (ReadOnly.Values.FirstOrDefault(p => !Path.IsPathRooted(p)) is { } relative) throw Wrong(nameof(ReadOnly), $"'{relative}' is not an absolute path.");
        if (Environment.Keys.FirstOrDefault(n => !Name().IsMatch(n)) is { } name) throw Wrong(nameof(Environment), $"'{name}' is not a variable's name.");
        if (Timeout <= TimeSpan.Zero) throw Wrong(nameof(Timeout), "It must be more than 0.");
        if (OutputBytes < 2) throw Wrong(nameof(OutputBytes), "It must be at least 2.");
    }

    static ArgumentException Wrong(string option, string what) => new(what, option);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Name();
}
