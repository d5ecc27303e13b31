namespace Bots.Sandbox.Wire;

/// <summary>
/// What the service sends. Requests have an id and are answered with <see cref="ToService.Done"/> or <see cref="ToService.Executed"/>;
/// after a cut the unanswered ones are sent again, so each of them may arrive twice and takes effect once.
/// </summary>
internal record ToSidecar
{
    /// <param name="TimeoutMilliseconds">0 for no limit.</param>
    /// <param name="Columns">Of a terminal.</param>
    /// <param name="Rows">Of a terminal.</param>
    public sealed record Start(string Id, string Process, Launch Launch, StreamKind Streams = StreamKind.Lines, long TimeoutMilliseconds = 0, int Columns = 0, int Rows = 0) : ToSidecar;

    /// <param name="Number">From 1; a number that was taken already is answered but passed over.</param>
    public sealed record Input(string Id, string Process, long Number, string Line) : ToSidecar;

    /// <summary>Bytes for a process's input, answered once it has them. Numbered as <see cref="Input"/>.</summary>
    /// <param name="End">Nothing follows: the input is closed.</param>
    public sealed record InputBytes(string Id, string Process, long Number, byte[] Bytes, bool End) : ToSidecar;

    public sealed record Resize(string Id, string Process, int Columns, int Rows) : ToSidecar;

    /// <summary>Asks for a process's output from <paramref name="After"/> on; nothing is sent that was not asked for. It holds for one socket.</summary>
    /// <param name="Reader">Comes back in each <see cref="ToService.Output"/>, so that what was under way for an earlier reader is told apart.</param>
    /// <param name="Credit">How many bytes of messages may be sent before <see cref="Extend"/>; the last message may go beyond. Below 0 when it did.</param>
    public sealed record Read(string Process, long Reader, long After, long Credit) : ToSidecar;

    /// <param name="Credit">So many bytes more.</param>
    public sealed record Extend(string Process, long Reader, long Credit) : ToSidecar;

    public sealed record Acknowledge(string Process, long Number) : ToSidecar;

    public sealed record Kill(string Id, string Process) : ToSidecar;

    /// <summary>Ends a process, if it still runs, and forgets it together with its output.</summary>
    public sealed record Discard(string Id, string Process) : ToSidecar;

    /// <summary>Done without an error means: it runs.</summary>
    public sealed record Probe(string Id, string Process) : ToSidecar;

    /// <param name="Id">The command's identity: however often it arrives, the command runs once.</param>
    public sealed record Exec(string Id, Launch Launch, string? StandardInput, long TimeoutMilliseconds) : ToSidecar;

    /// <summary>The result of a command was received, or is no longer wanted: then the command is ended.</summary>
    public sealed record Forget(string Id) : ToSidecar;

    /// <summary>Asks what goes on in the sandbox.</summary>
    public sealed record Observe(string Id) : ToSidecar;

    /// <summary>A request that is none, as the parser sees it: it is answered with what is wrong, since on a new socket it would come again.</summary>
    public sealed record Unreadable(string Id, string Why) : ToSidecar;
}

/// <summary>How a process's input and output are carried.</summary>
internal enum StreamKind
{
    Lines = 0,
    Bytes = 1,
    Terminal = 2,
}

internal sealed record Launch(string Command, string[] Arguments, string WorkingDirectory, Dictionary<string, string> Environment);
