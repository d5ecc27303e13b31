namespace Bots.Sandbox.Sidecars;

/// <summary>A command whose output is taken as it comes. Disposing of it ends it, if it still runs.</summary>
public interface IRunningCommand : IAsyncDisposable
{
    /// <summary>
    /// Everything it prints, in the order of each of its two outputs, and last how it ended. Once only. Who takes it slowly makes the
    /// command wait; nothing is left out.
    /// </summary>
    /// <exception cref="SandboxException">The sandbox was lost.</exception>
    IAsyncEnumerable<CommandOutput> Read(CancellationToken cancellation);

    /// <summary>Writes to its input; returns once it has been written, so that a command which reads slowly makes the caller wait.</summary>
    /// <returns>False when it no longer reads.</returns>
    Task<bool> Write(ReadOnlyMemory<byte> input, CancellationToken cancellation);

    /// <summary>Nothing follows: the command reads the end of its input.</summary>
    Task EndInput(CancellationToken cancellation);
}

public abstract record CommandOutput
{
    public sealed record Output(ReadOnlyMemory<byte> Bytes) : CommandOutput;

    public sealed record Error(ReadOnlyMemory<byte> Bytes) : CommandOutput;

    /// <param name="Code">128 + signal when a signal ended it; 127 when the command was not found; null when its time was up.</param>
    public sealed record Exited(int? Code) : CommandOutput;
}
