namespace Bots.Gateway;

/// <summary>A request of git's smart HTTP protocol (git's gitprotocol-http).</summary>
/// <param name="Service"><c>git-upload-pack</c> or <c>git-receive-pack</c>.</param>
/// <param name="Path">Below the remote, with its query.</param>
internal sealed record GitRoute(string Method, string Service, string Path)
{
    public const string Receive = "git-receive-pack";

    /// <summary>Stands for all of Git LFS, which has rules of its own.</summary>
    public static readonly GitRoute Lfs = new("POST", "git-lfs", "");

    /// <summary>True for the request that carries the refs and the pack of a push.</summary>
    public bool IsPush => Method == "POST" && Service == Receive;

    /// <returns>Null for what is not smart HTTP: the dumb protocol reads files, and nobody could tell which.</returns>
    public static GitRoute? Find(string method, string path, string? service) => (method, path, service) switch
    {
        ("GET", "info/refs", "git-upload-pack" or "git-receive-pack") => new(method, service, $"info/refs?service={service}"),
        ("POST", "git-upload-pack" or "git-receive-pack", _) => new(method, path, path),
        _ => null,
    };

    public Uri Target(Uri remote) => new($"{remote.AbsoluteUri.TrimEnd('/')}/{Path}");
}
