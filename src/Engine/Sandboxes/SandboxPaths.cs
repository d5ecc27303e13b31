namespace Bots.Engine.Sandboxes;

/// <summary>Where things lie: on the host, beneath the data directory, and inside a sandbox.</summary>
/// <param name="DataDirectory">Absolute.</param>
public sealed record SandboxPaths(string DataDirectory)
{
    /// <summary>The gateway's base URL as seen inside a sandbox.</summary>
    public const string Gateway = "http://127.0.0.1:7070";

    /// <summary>The store's file.</summary>
    public string Database => Path.Combine(DataDirectory, "bots.db");

    /// <summary>The folder that holds nothing but the control socket; it is seen in every sandbox.</summary>
    public string ControlDirectory => Path.Combine(DataDirectory, "control");

    public string ControlSocket => Path.Combine(ControlDirectory, "control.sock");

    public string Workspace(SessionId session) => Path.Combine(DataDirectory, "sessions", session.Value, "workspace");

    /// <summary>The agent's home: its own store of sessions, which a later sandbox goes on with.</summary>
    public string Home(SessionId session) => Path.Combine(DataDirectory, "sessions", session.Value, "home");
}
