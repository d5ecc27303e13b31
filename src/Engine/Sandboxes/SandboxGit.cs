namespace Bots.Engine.Sandboxes;

/// <summary>How git is configured for every process of a sandbox.</summary>
internal static class SandboxGit
{
    private const string Credential = """!f() { test "$1" = get && printf 'username=bots\npassword=%s\n' "$BOTS_TOKEN"; }; f""";

    /// <summary>The session token is git's password at the gateway, and the forge's own addresses lead to it, those of submodules too.</summary>
    /// <param name="others">Variables the repository asks for. What concerns git's configuration is not taken: the platform's own git runs with it.</param>
    /// <param name="forge">Where people see the forge.</param>
    public static IReadOnlyDictionary<string, string> Environment(IReadOnlyDictionary<string, string> others, Uri forge)
    {
        string[] addresses = [forge.AbsoluteUri, $"git@{forge.Host}:", $"ssh://git@{forge.Host}/"];
        var configuration = addresses.Select(address => (Key: $"url.{SandboxPaths.Gateway}/git/.insteadOf", Value: address)).Prepend((Key: "credential.helper", Value: Credential)).ToList();
        var variables = others.Where(v => !v.Key.StartsWith("GIT_CONFIG", StringComparison.Ordinal)).ToDictionary();
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GIT_CONFIG_COUNT"] = $"{configuration.Count}";
        for (var i = 0; i < configuration.Count; i++)
        {
            variables[$"GIT_CONFIG_KEY_{i}"] = configuration[i].Key;
            variables[$"GIT_CONFIG_VALUE_{i}"] = configuration[i].Value;
        }

        return variables;
    }
}
