using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Tests.World;

/// <summary>What git answers inside a sandbox.</summary>
internal static class Git
{
    public const string Before = "1111111111111111111111111111111111111111";
    public const string After = "2222222222222222222222222222222222222222";

    /// <summary>The agent changed two files.</summary>
    public static ExecResult Changed(ExecRequest request) => new(0, IsCommit(request) ? $"{After}\n12\t3\ta.js\n-\t-\tlogo.png\n" : $"{Before}\n", "");

    public static bool IsPrepare(ExecRequest request) => request.Arguments[1].Contains("clone", StringComparison.Ordinal);

    public static bool IsCommit(ExecRequest request) => request.Arguments[1].Contains("numstat", StringComparison.Ordinal);

    public static bool IsPush(ExecRequest request) => request.Arguments[1].Contains("push origin", StringComparison.Ordinal);
}
