using Bots.Engine.Storage;

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

    /// <summary>What belongs to a workspace: all that a snapshot holds.</summary>
    public string Folder(WorkspaceId workspace) => Path.Combine(DataDirectory, "workspaces", workspace.Value);

    /// <summary>The checkout, or what differs in it from its prepared tree.</summary>
    public string Workspace(WorkspaceId workspace) => Path.Combine(Folder(workspace), "workspace");

    /// <summary>The agent's home: its own store of sessions, which a later sandbox goes on with.</summary>
    public string Home(WorkspaceId workspace) => Path.Combine(Folder(workspace), "home");

    public string Trees => Path.Combine(DataDirectory, "trees");

    public string Tree(TreeId tree) => Path.Combine(Trees, tree.Value);

    public string Snapshots => Path.Combine(DataDirectory, "snapshots");

    /// <summary>True when the disk is so full that the store cannot set its reserve aside.</summary>
    public bool HasNoRoom() => Directory.Exists(DataDirectory) && new DriveInfo(DataDirectory).AvailableFreeSpace < StoreReserve.Wanted;
}
