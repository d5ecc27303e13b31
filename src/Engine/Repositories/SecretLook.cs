using System.Text.RegularExpressions;

namespace Bots.Engine.Repositories;

/// <summary>Guesses whether a value is a secret, which no file of a repository should hold.</summary>
internal static partial class SecretLook
{
    /// <summary>To stand after the variable's name.</summary>
    public const string Remark = "looks like a secret. Whoever reads the repository has it, and so has the agent: revoke it and take it out.";

    public static bool IsSecret(string name, string value) =>
        Known().IsMatch(value) || (SecretName().IsMatch(name) && value.Length >= 20 && Entropy(value) > 3.5 && !value.Contains(' ', StringComparison.Ordinal));

    /// <summary>Bits per character, as its characters are spread.</summary>
    private static double Entropy(string value) =>
        value.GroupBy(c => c).Select(group => (double)group.Count() / value.Length).Sum(share => -share * Math.Log2(share));

    /// <summary>GitHub, GitLab, Slack, OpenAI and Anthropic, AWS, Google, npm, Stripe; private keys and signed tokens.</summary>
    [GeneratedRegex(@"(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{20,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|\bsk-[A-Za-z0-9_-]{20,}|(AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{30,}|[sr]k_live_[A-Za-z0-9]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})")]
    private static partial Regex Known();

    [GeneratedRegex("(TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIAL)", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
