namespace Bots.Sandbox.Wire;

/// <summary>What both ends of the sidecar's connection agree on. Compiled into the service and into the sidecar.</summary>
internal static class Protocol
{
    public const int Version = 1;

    public const string RegisterPath = "/sidecar/register";

    /// <summary>Where the answer to a registration, a JSON object, has the session token.</summary>
    public const string SessionTokenProperty = "sessionToken";

    public const string ConnectPath = "/sidecar/connect";

    /// <summary>Where the sidecar forwards connections to the control socket, on the sandbox's loopback.</summary>
    public const int GatewayPort = 7070;

    /// <summary>The socket as it is seen in the sandbox. The folder is bound, not the file: a restarted service makes a new file.</summary>
    public const string ControlSocket = "/run/bots/control.sock";

    public const string ControlSocketName = "control.sock";

    public const string RegistrationTokenVariable = "BOTS_REGISTRATION_TOKEN";

    public const string TokenVariable = "BOTS_TOKEN";

    public const string GatewayVariable = "BOTS_GATEWAY";

    /// <summary>Lets a test make the output buffer small. Bytes.</summary>
    public const string BufferVariable = "BOTS_OUTPUT_BUFFER";

    /// <summary>Keeps .NET from opening a socket through which the agent could take over the sidecar. The sidecar's alone: programs it starts may be looked into.</summary>
    public const string DiagnosticsVariable = "DOTNET_EnableDiagnostics";

    /// <summary>Unacknowledged output kept for one process; beyond it the process is no longer read from, and so waits.</summary>
    public const long OutputBufferBytes = 64L * 1024 * 1024;

    /// <summary>A longer line is cut, so that one line always fits into one frame, however much of it has to be escaped.</summary>
    public const int LineBytes = 8 * 1024 * 1024;

    public const int FrameBytes = 64 * 1024 * 1024;

    /// <summary>How much of a command's output, and of its error output, is kept.</summary>
    public const int ExecOutputBytes = 1024 * 1024;

    /// <summary>How many lines the sidecar may send ahead of what the reader took.</summary>
    public const int ReadWindow = 256;

    /// <summary>The first line on the sidecar's standard output, once it runs.</summary>
    public const string Ready = "ready";
}
