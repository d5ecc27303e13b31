using Bots.Sandbox.Docker.Api;
using Bots.Sandbox.Linux;

namespace Bots.Sandbox.Docker;

/// <summary>Who a container's processes are, and so who has to own the folders it writes to. Never root.</summary>
/// <param name="Owns">True when the folders have to be given to this user first.</param>
/// <param name="Namespace">The user namespace to ask for; null for the engine's own.</param>
internal sealed record DockerUser(uint User, uint Group, bool Owns, string? Namespace = null)
{
    /// <summary>User 1000 if the service can give its folders away; otherwise the user the folders belong to, the service's own.</summary>
    public static DockerUser For(EngineVersion version, EngineInfo info)
    {
        var (user, group) = FileOwner.Ourselves;
        if (version.IsPodman && info.HasSecurity("rootless"))
            return new DockerUser(SandboxLayout.User, SandboxLayout.User, false, $"keep-id:uid={SandboxLayout.User},gid={SandboxLayout.User}");

        return user == 0 ? new DockerUser(SandboxLayout.User, SandboxLayout.User, true) : new DockerUser(user, group, false);
    }

    public override string ToString() => $"{User}:{Group}";
}
