namespace Bots.Sandbox.Linux.Trees;

/// <summary>Who mounts a workspace's overlay.</summary>
internal enum OverlayMode
{
    /// <summary>Root, in a mount namespace of the sandbox's own.</summary>
    AsRoot,

    /// <summary>An ordinary user, who is root in a user namespace; renaming a directory of the tree then copies it.</summary>
    AsUser,
}

/// <summary>How an overlay is mounted so that it is never seen outside of the sandbox that uses it: the mount is gone with its last process.</summary>
internal static class Overlay
{
    /// <summary>The program that makes the namespace and then becomes the command behind it, with the same process id.</summary>
    public static IReadOnlyList<string> Namespace(OverlayMode mode) => mode switch
    {
        OverlayMode.AsRoot => ["/usr/bin/unshare", "--mount", "--propagation", "private"],
        _ => ["/usr/bin/unshare", "--user", "--map-root-user", "--mount", "--propagation", "private"],
    };

    /// <summary>
    /// For a shell whose directory is the workspace and whose descriptor 7 is the tree. So no path, with whatever letters, is part of
    /// the options, nor can one be read from the list of mounts.
    /// </summary>
    public static string Options(OverlayMode mode) => mode switch
    {
        // A directory of the tree can be renamed in one step, as programs expect.
        OverlayMode.AsRoot => "lowerdir=/proc/self/fd/7,upperdir=upper,workdir=work,redirect_dir=on",
        // What overlayfs notes of a file goes into attributes that an ordinary user may set. It shows the sandbox none of them.
        _ => "lowerdir=/proc/self/fd/7,upperdir=upper,workdir=work,userxattr",
    };
}
