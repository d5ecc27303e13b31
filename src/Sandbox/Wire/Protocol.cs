namespace Bots.Sandbox.Wire;

/// <summary>What both ends of the sidecar's connection agree on. Compiled into the service and into the sidecar.</summary>
internal static class Protocol
{
    public const int Version = 2;

    public const string RegisterPath = "/sidecar/register";

    /// <summary>Where the answer to a registration, a JSON object, has the session token: what everything in the sandbox shows to the gateway.</summary>
    public const string SessionTokenProperty = "sessionToken";

    /// <summary>Where it has the link token: the sidecar's own, for <see cref="ConnectPath"/>. Nothing else in the sandbox ever sees it.</summary>
    public const string LinkTokenProperty = "linkToken";

    public const string ConnectPath = "/sidecar/connect";

    /// <summary>Where the sidecar forwards connections to the control socket, on the sandbox's loopback.</summary>
    public const int GatewayPort = 7070;

    /// <summary>The socket as it is seen in the sandbox. The folder is bound, not the file: a restarted service makes a new file.</summary>
    public const string ControlSocket = "/run/bots/control.sock";

    public const string ControlSocketName = "control.sock";

    public const string RegistrationTokenVariable = "BOTS_REGISTRATION_TOKEN";

    public const string TokenVariable = "BOTS_TOKEN";

    public const string GatewayVariable = "BOTS_GATEWAY";

    /// <summary>Processes of the service's own begin with it: of them, those that a new service does not know are ended.</summary>
    public const string OwnedPrefix = "~";

    /// <summary>The answer to input for a process that no longer reads.</summary>
    public const string InputClosed = "It no longer reads its input.";

    /// <summary>Lets a test make the output buffer small. Bytes.</summary>
    public const string BufferVariable = "BOTS_OUTPUT_BUFFER";

    /// <summary>Keeps .NET from opening a socket through which the agent could take over the sidecar. The sidecar's alone: programs it starts may be looked into.</summary>
    public const string DiagnosticsVariable = "DOTNET_EnableDiagnostics";

    /// <summary>
    /// Unacknowledged output kept for one process, a line that has begun not counted. Beyond it the process's standard output is no longer
    /// read, and so it waits. Of error lines only a quarter of it is kept, and then the last of them: they never make anybody wait.
    /// </summary>
    public const long OutputBufferBytes = 2L * 1024 * 1024;

    /// <summary>Of a longer line the middle is left out.</summary>
    public const int LineBytes = 8 * 1024 * 1024;

    /// <summary>Of a longer error line the middle is left out.</summary>
    public const int ErrorLineBytes = 64 * 1024;

    /// <summary>Long lines, and streams of bytes, come in parts of this size.</summary>
    public const int PartBytes = 32 * 1024;

    /// <summary>The largest message the service takes: what a command may print, however much of it has to be escaped.</summary>
    public const int FrameToServiceBytes = 16 * 1024 * 1024;

    public const int FrameToSidecarBytes = 64 * 1024 * 1024;

    /// <summary>Characters of a line or a command's input, so that they fit into a frame, however many of them have to be escaped.</summary>
    public const int InputCharacters = 10 * 1024 * 1024;

    /// <summary>How much of a command's output, and of its error output, is kept.</summary>
    public const int ExecOutputBytes = 1024 * 1024;

    /// <summary>How many bytes of messages the sidecar may send ahead of what the reader took; the last message may go beyond.</summary>
    public const int ReadWindow = 1024 * 1024;

    /// <summary>The first line on the sidecar's standard output, once it runs.</summary>
    public const string Ready = "ready";
}
