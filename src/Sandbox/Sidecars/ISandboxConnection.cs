namespace Bots.Sandbox.Sidecars;

/// <summary>The way into one running sandbox. It outlives the sidecar's socket: after a cut the sidecar reconnects and what was missed is replayed.</summary>
public interface ISandboxConnection
{
    SandboxId Sandbox { get; }

    /// <summary>Ends when the sandbox is gone for good (or stayed away for longer than the hub's grace).</summary>
    CancellationToken Lost { get; }

    /// <summary>Starts a long-lived process (the agent). Does nothing when one with this name already runs or has ended.</summary>
    Task Start(string process, ProcessStart start, CancellationToken cancellation);

    /// <summary>True when a process was started here and has not ended.</summary>
    Task<bool> IsRunning(string process, CancellationToken cancellation);

    /// <summary>Writes one line, of up to 10,485,760 characters, to a process's standard input.</summary>
    /// <param name="number">From 1, one higher each time; a number the sidecar has taken already is passed over, so a line may safely be sent again.</param>
    Task Write(string process, long number, string line, CancellationToken cancellation);

    /// <summary>
    /// What a process writes, line by line, in rising numbers (a long line takes several); first everything not yet acknowledged, then as
    /// it comes. Ends after <see cref="ProcessOutput.Exited"/>.
    /// </summary>
    /// <param name="after">The last number that was taken, 0 for none. It is acknowledged with this.</param>
    /// <exception cref="SandboxException">The sandbox was lost.</exception>
    IAsyncEnumerable<ProcessOutput> Read(string process, long after, CancellationToken cancellation);

    /// <summary>Lets the sidecar forget output up to and including this number: only after it is in the store.</summary>
    Task Acknowledge(string process, long number, CancellationToken cancellation);

    /// <summary>Ends a process: politely, then by force after two seconds.</summary>
    Task Kill(string process, CancellationToken cancellation);

    /// <summary>Runs a command to its end and returns what it printed.</summary>
    /// <exception cref="SandboxException">The sandbox was lost before it ended.</exception>
    Task<ExecResult> Exec(ExecRequest request, CancellationToken cancellation);

    /// <summary>Starts a command and hands over its streams: for long output, long input, or somebody who watches.</summary>
    /// <param name="request">With an input, that is what the command reads; without one, write it to the command and end it.</param>
    /// <exception cref="SandboxException">The sandbox was lost.</exception>
    Task<IRunningCommand> Run(ExecRequest request, CancellationToken cancellation);

    /// <summary>Opens a terminal and starts a program on it.</summary>
    /// <exception cref="SandboxException">The sandbox was lost.</exception>
    Task<ITerminal> OpenTerminal(TerminalRequest request, CancellationToken cancellation);

    /// <summary>Asks what goes on in there. It may take half a second in a very large workspace.</summary>
    /// <exception cref="SandboxException">The sandbox was lost.</exception>
    Task<SandboxActivity> Activity(CancellationToken cancellation);
}

/// <param name="Environment">Added to the sandbox's own environment. <c>BOTS_TOKEN</c> (the session token) and <c>BOTS_GATEWAY</c> (the gateway's base URL as seen inside, without a trailing slash) are always there.</param>
public sealed record ProcessStart(string Command, IReadOnlyList<string> Arguments)
{
    public string WorkingDirectory { get; init; } = "/workspace";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

public abstract record ProcessOutput(long Number)
{
    public sealed record Line(long Number, string Text) : ProcessOutput(Number);

    public sealed record ErrorLine(long Number, string Text) : ProcessOutput(Number);

    /// <param name="Code">128 + signal when a signal ended it; 127 when the command was not found.</param>
    public sealed record Exited(long Number, int Code) : ProcessOutput(Number);

    /// <summary>
    /// Something was left out just before this: of error lines that nobody took in time, or, with 0 lines, the middle of the line before,
    /// which was longer than 8 MiB (64 KiB for an error line). Other lines are never left out: the process waits until they are taken.
    /// </summary>
    public sealed record Dropped(long Number, long Lines, long Bytes) : ProcessOutput(Number);
}

public sealed record ExecRequest(string Command, IReadOnlyList<string> Arguments)
{
    public string WorkingDirectory { get; init; } = "/workspace";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Up to 10,485,760 characters.</summary>
    public string? Input { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}

/// <param name="Code">Null when it was ended because its time was up.</param>
/// <param name="Output">The last MiB.</param>
/// <param name="Error">The last MiB.</param>
public sealed record ExecResult(int? Code, string Output, string Error);
