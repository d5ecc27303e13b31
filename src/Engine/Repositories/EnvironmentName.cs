using System.Text.RegularExpressions;

namespace Bots.Engine.Repositories;

/// <summary>Which variables a repository may set in its sandboxes.</summary>
internal static partial class EnvironmentName
{
    /// <returns>What is wrong with the name, to stand after it; null when nothing is.</returns>
    public static string? Problem(string name)
    {
        if (!Form().IsMatch(name)) return "is no name of a variable; use letters, digits and '_', a letter first.";
        return Reserved().IsMatch(name) ? "is set by the service or steers its agent; take it out." : null;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,127}\z")]
    private static partial Regex Form();

    /// <summary>The gateway's, the agents' and git's own, and what would make programs of the service load other code.</summary>
    [GeneratedRegex(@"^(BOTS_.*|OPENCODE.*|CLAUDE_.*|ANTHROPIC_.*|CODEX_.*|OPENAI_.*|GIT_.*|LD_.*|DOTNET_.*|HOME|PATH|PWD|SHELL|USER|BASH_ENV|ENV|IFS|NODE_OPTIONS|.*_PROXY|.*_proxy)\z")]
    private static partial Regex Reserved();
}
