namespace Bots.Sandbox.Wire;

/// <summary>What the sidecar sends. The first frame on each socket is <see cref="Hello"/>.</summary>
internal record ToService
{
    public sealed record Hello(int Version, ProcessState[] Processes) : ToService;

    /// <param name="Number">Counts from 1 for each process, over all kinds.</param>
    /// <param name="Text">The line, without its end.</param>
    /// <param name="Code">The exit code, with <see cref="OutputKind.Exited"/>.</param>
    public sealed record Output(string Process, long Reader, long Number, OutputKind Kind, string? Text, int? Code) : ToService;

    /// <param name="Error">Why the request makes no sense; null when it was done.</param>
    public sealed record Done(string Id, string? Error) : ToService;

    /// <param name="Code">Null when its time was up.</param>
    public sealed record Executed(string Id, int? Code, string StandardOutput, string StandardError) : ToService;
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
}
