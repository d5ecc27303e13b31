namespace Bots.Sandbox.Shell;

/// <summary>What the jail's scripts tell.</summary>
internal abstract record JailReport
{
    /// <summary>A shell waits for commands.</summary>
    /// <param name="Process">Its number in the jail.</param>
    public sealed record Ready(int Process) : JailReport;

    public sealed record Begun(long Number) : JailReport;

    public sealed record Done(long Number, int Status) : JailReport;

    /// <summary>The shell ended; no new one begins before it is told to.</summary>
    public sealed record ShellEnded(int Status) : JailReport;

    /// <returns>Null for what is none: a command can write to our pipe if it goes to lengths, which harms nobody but itself.</returns>
    public static JailReport? Parse(string line) => line.Split(' ') switch
    {
        ["ready", var process] when int.TryParse(process, out var id) => new Ready(id),
        ["begun", var number] when long.TryParse(number, out var which) => new Begun(which),
        ["done", var number, var status] when long.TryParse(number, out var which) && int.TryParse(status, out var code) => new Done(which, code),
        ["ended", var status] when int.TryParse(status, out var code) => new ShellEnded(code),
        _ => null,
    };
}
