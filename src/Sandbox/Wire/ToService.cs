namespace Bots.Sandbox.Wire;

/// <summary>What the sidecar sends. The first frame on each socket is <see cref="Hello"/>.</summary>
internal record ToService
{
    public sealed record Hello(int Version, ProcessState[] Processes) : ToService;

    /// <param name="Number">Counts from 1 for each process, over all kinds.</param>
    public sealed record Output(string Process, long Reader, long Number, OutputKind Kind) : ToService
    {
        /// <summary>A line, or a part of one, without its end.</summary>
        public string? Text { get; init; }

        /// <summary>The same as UTF-8, on the sending side; or bytes of a stream.</summary>
        public ReadOnlyMemory<byte> Bytes { get; init; }

        /// <summary>With <see cref="OutputKind.Exited"/>: null when its time was up.</summary>
        public int? Code { get; init; }

        /// <summary>With <see cref="OutputKind.Dropped"/>.</summary>
        public long DroppedLines { get; init; }

        /// <summary>With <see cref="OutputKind.Dropped"/>.</summary>
        public long DroppedBytes { get; init; }
    }

    /// <param name="Error">Why the request makes no sense; null when it was done.</param>
    public sealed record Done(string Id, string? Error) : ToService;

    /// <param name="Code">Null when its time was up.</param>
    public sealed record Executed(string Id, int? Code, string StandardOutput, string StandardError) : ToService;

    /// <param name="FileChange">Milliseconds since a file in the workspace changed; null when none was found.</param>
    /// <param name="AllFiles">False when there were too many to look at all of them.</param>
    /// <param name="Terminal">Milliseconds since something went through a terminal; null when there was none.</param>
    /// <param name="Terminals">How many are open.</param>
    /// <param name="Processes">How many run that we did not start.</param>
    /// <param name="Names">Of the first of them.</param>
    public sealed record Observed(string Id, long? FileChange, bool AllFiles, long? Terminal, int Terminals, int Processes, string[] Names) : ToService;
}

/// <summary>A process as the sidecar knows it.</summary>
/// <param name="LastOutput">The last number that was given out.</param>
/// <param name="Acknowledged">The last number that was acknowledged.</param>
/// <param name="LastInput">The last input line taken.</param>
internal sealed record ProcessState(string Process, bool Exited, long LastOutput, long Acknowledged, long LastInput);

internal enum OutputKind
{
    Line = 0,
    ErrorLine = 1,
    Exited = 2,

    /// <summary>A part of the <see cref="Line"/> that follows.</summary>
    Part = 3,

    /// <summary>Something was left out: lines, or the middle of the line before it.</summary>
    Dropped = 4,

    Bytes = 5,
    ErrorBytes = 6,
}
