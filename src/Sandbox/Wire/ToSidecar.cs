namespace Bots.Sandbox.Wire;

/// <summary>
/// What the service sends. Requests have an id and are answered with <see cref="ToService.Done"/> or <see cref="ToService.Executed"/>;
/// after a cut the unanswered ones are sent again, so each of them may arrive twice and takes effect once.
/// </summary>
internal record ToSidecar
{
    public sealed record Start(string Id, string Process, Launch Launch) : ToSidecar;

    /// <param name="Number">From 1; a number that was taken already is answered but passed over.</param>
    public sealed record Input(string Id, string Process, long Number, string Line) : ToSidecar;

    /// <summary>Asks for a process's output from <paramref name="After"/> on; nothing is sent that was not asked for. It holds for one socket.</summary>
    /// <param name="Reader">Comes back in each <see cref="ToService.Output"/>, so that what was under way for an earlier reader is told apart.</param>
    /// <param name="UpTo">The last number that may be sent before <see cref="Extend"/>.</param>
    public sealed record Read(string Process, long Reader, long After, long UpTo) : ToSidecar;

    public sealed record Extend(string Process, long Reader, long UpTo) : ToSidecar;

    public sealed record Acknowledge(string Process, long Number) : ToSidecar;

    public sealed record Kill(string Id, string Process) : ToSidecar;

    /// <summary>Done without an error means: it runs.</summary>
    public sealed record Probe(string Id, string Process) : ToSidecar;

    /// <param name="Id">The command's identity: however often it arrives, the command runs once.</param>
    public sealed record Exec(string Id, Launch Launch, string? StandardInput, long TimeoutMilliseconds) : ToSidecar;

    /// <summary>The result of a command was received, or is no longer wanted: then the command is ended.</summary>
    public sealed record Forget(string Id) : ToSidecar;
}

internal sealed record Launch(string Command, string[] Arguments, string WorkingDirectory, Dictionary<string, string> Environment);
