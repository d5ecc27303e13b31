using System.Text.RegularExpressions;

namespace Bots.Engine.Repositories;

/// <summary>Which variables a repository may set in its sandboxes.</summary>
internal static partial class EnvironmentName
{
    /// <returns>What is wrong with the name, to stand after it; null when nothing is.</returns>
    public static string? Problem(string name)
    {
        if (!Form().IsMatch(name)) return "is no name of a variable; use letters, digits and '_', a letter first.";
        return IsReserved(name) ? "is set by the service or steers its agent; take it out." : null;
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,127}\z")]
    private static partial Regex Form();

    /// <summary>
    /// The gateway's, the agents' and git's own, where programs look for their configuration, and what makes the sidecar, the agents, git, a
    /// shell or what agents run without a question (ripgrep, a pager) load other code. What only a repository's own programs heed
    /// (<c>PYTHONPATH</c>, <c>JAVA_TOOL_OPTIONS</c>) is its own business: it may run commands at setup anyway.
    /// </summary>
    private static bool IsReserved(string name) => name != "NODE_ENV" && (Prefixes().IsMatch(name) || Names().IsMatch(name));

    [GeneratedRegex(
        "^(BOTS_|OPENCODE|CLAUDE|ANTHROPIC_|CODEX_|OPENAI_|GIT_|XDG_|NODE_|BUN_|LD_|DOTNET_|COMPLUS_|CORECLR_|CLR_|OPENSSL_|BASH_)|_PROXY\\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Prefixes();

    [GeneratedRegex(
        @"^(HOME|PATH|PWD|SHELL|USER|LOGNAME|TMPDIR|TMP|TEMP|ENV|IFS|PS4|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|ZDOTDIR|EDITOR|VISUAL|PAGER|LESS|LESSOPEN|LESSCLOSE|LESSKEYIN|BROWSER|SSH_ASKPASS|RIPGREP_CONFIG_PATH|"
        + @"GCONV_PATH|GETCONF_DIR|GLIBC_TUNABLES|HOSTALIASES|LOCALDOMAIN|LOCPATH|NLSPATH|RES_OPTIONS|RESOLV_HOST_CONF)\z")]
    private static partial Regex Names();
}
