using System.Text;
using Bots.Engine.Sandboxes;

namespace Bots.Gateway;

/// <summary>Who answers a connection on the control socket.</summary>
internal enum EgressRoute
{
    /// <summary>The bytes so far do not tell.</summary>
    Undecided,

    /// <summary>The server: <c>/llm</c>, <c>/git</c>.</summary>
    Server,

    /// <summary>The server as well, for the sidecar's own calls: without them a sandbox is lost.</summary>
    Sidecar,

    /// <summary>The proxy to other hosts: <c>CONNECT</c>, or an absolute address.</summary>
    Proxy,
}

/// <summary>Tells from a connection's first bytes what is wanted of it (RFC 9112, section 3.2). Pure.</summary>
internal static class EgressFirstBytes
{
    /// <summary>More than this of a request's first line is never needed.</summary>
    public const int Most = 64;

    private const int LongestMethod = 20;

    /// <summary>A client that proxies even what it should not: the gateway itself is reached through the proxy's address as well.</summary>
    private static readonly byte[][] Ourselves = [Encoding.ASCII.GetBytes(SandboxPaths.Gateway), "http://localhost:7070"u8.ToArray()];

    private static ReadOnlySpan<byte> SidecarPath => "/sidecar/"u8;

    public static EgressRoute Route(ReadOnlySpan<byte> bytes)
    {
        var space = bytes.IndexOf((byte)' ');
        var method = space < 0 ? bytes : bytes[..space];
        if (method.Length > LongestMethod || method.ContainsAnyExceptInRange((byte)'A', (byte)'Z')) return EgressRoute.Server;
        if (space < 0) return EgressRoute.Undecided;
        if (method.SequenceEqual("CONNECT"u8)) return EgressRoute.Proxy;
        var target = bytes[(space + 1)..];
        if (target.IsEmpty) return EgressRoute.Undecided;
        return target[0] switch
        {
            (byte)'/' when SidecarPath.StartsWith(target[..Math.Min(target.Length, SidecarPath.Length)]) => target.Length < SidecarPath.Length ? EgressRoute.Undecided : EgressRoute.Sidecar,
            (byte)'/' or (byte)'*' => EgressRoute.Server,
            _ => Absolute(target),
        };
    }

    private static EgressRoute Absolute(ReadOnlySpan<byte> target)
    {
        foreach (var own in Ourselves)
        {
            var common = Math.Min(own.Length, target.Length);
            if (!Ascii.EqualsIgnoreCase(target[..common], own.AsSpan(0, common))) continue;
            if (target.Length <= own.Length) return EgressRoute.Undecided;
            if (target[own.Length] is (byte)'/' or (byte)'?' or (byte)' ') return EgressRoute.Server;
        }

        return EgressRoute.Proxy;
    }
}
