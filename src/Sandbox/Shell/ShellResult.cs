namespace Bots.Sandbox.Shell;

/// <summary>What became of a command.</summary>
public sealed record ShellResult
{
    /// <summary>128 + signal when a signal ended it; null when it was ended because its time was up, or with the whole jail.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>What it printed, as UTF-8; what is none is replaced.</summary>
    public required string Output { get; init; }

    public required string Error { get; init; }

    /// <summary>What it printed, byte for byte.</summary>
    public required ReadOnlyMemory<byte> OutputBytes { get; init; }

    public required ReadOnlyMemory<byte> ErrorBytes { get; init; }

    /// <summary>Of longer output than <see cref="JailedShellOptions.OutputBytes"/> the middle is left out: so many bytes.</summary>
    public required long OutputOmitted { get; init; }

    public required long ErrorOmitted { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Its time was up: it was ended, and all it had started.</summary>
    public required bool TimedOut { get; init; }

    /// <summary>What the next command will find.</summary>
    public required ShellState State { get; init; }
}

public enum ShellState
{
    /// <summary>The same shell, as the command left it.</summary>
    Kept,

    /// <summary>
    /// The shell ended: by <c>exit</c> or <c>exec</c>, or since the command's time was up. There is a new one with the directory and the exports
    /// from before that command. Functions, variables that were not exported, and options are gone; background processes and <c>/tmp</c> are not.
    /// </summary>
    Renewed,

    /// <summary>The whole jail ended: the next command starts a new one, in <c>/workspace</c>. Only the workspace is as it was left.</summary>
    Lost,
}
