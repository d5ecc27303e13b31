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

    /// <summary>Writes one line to a process's standard input.</summary>
    /// <param name="number">From 1, one higher each time; a number the sidecar has taken already is passed over, so a line may safely be sent again.</param>
    Task Write(string process, long number, string line, CancellationToken cancellation);

    /// <summary>What a process writes, line by line, numbered; first everything not yet acknowledged, then as it comes. Ends after <see cref="ProcessOutput.Exited"/>.</summary>
    /// <param name="after">The last number that was taken, 0 for none.</param>
    /// <exception cref="SandboxException">The sandbox was lost.</exception>
    IAsyncEnumerable<ProcessOutput> Read(string process, long after, CancellationToken cancellation);

    /// <summary>Lets the sidecar forget output up to and including this number: only after it is in the store.</summary>
    Task Acknowledge(string process, long number, CancellationToken cancellation);

    /// <summary>Ends a process: politely, then by force after two seconds.</summary>
    Task Kill(string process, CancellationToken cancellation);

    /// <summary>Runs a command to its end and returns what it printed.</summary>
    /// <exception cref="SandboxException">The sandbox was lost before it ended.</exception>
    Task<ExecResult> Exec(ExecRequest request, CancellationToken cancellation);
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
}

public sealed record ExecRequest(string Command, IReadOnlyList<string> Arguments)
{
    public string WorkingDirectory { get; init; } = "/workspace";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? Input { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}

/// <param name="Code">Null when it was ended because its time was up.</param>
/// <param name="Output">The last MiB.</param>
/// <param name="Error">The last MiB.</param>
public sealed record ExecResult(int? Code, string Output, string Error);
