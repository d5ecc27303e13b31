using System.Security.Cryptography;
using Bots.Configuration;

namespace Bots.GitHub;

/// <summary>Checks section <c>GitHub</c> at start.</summary>
public sealed class GitHubOptionsCheck(IConfiguration configuration) : IConfigurationCheck
{
    private const string NewKey = "Generate a private key on the App's settings page and give the whole .pem file.";

    public IEnumerable<ConfigurationProblem> Check()
    {
        GitHubOptions options;
        try
        {
            options = GitHubOptions.Read(configuration);
        }
        catch (InvalidOperationException e)
        {
            return [new(GitHubOptions.Section, e.Message, "Write durations as 00:00:05 and addresses as https://host/.")];
        }

        return [.. Addresses(options), .. options.Enabled ? Credentials(options) : []];
    }

    private static IEnumerable<ConfigurationProblem> Addresses(GitHubOptions options)
    {
        if (!IsHttp(options.ApiUrl)) yield return new("GitHub:ApiUrl", "It is not an absolute http(s) address.", "Write https://api.github.com/, or https://HOST/api/v3/ for an Enterprise Server.");
        if (!IsHttp(options.WebUrl)) yield return new("GitHub:WebUrl", "It is not an absolute http(s) address.", "Write https://github.com/, or https://HOST/ for an Enterprise Server.");
        if (options.EditInterval < TimeSpan.FromMilliseconds(100) || options.EditInterval > TimeSpan.FromMinutes(10))
            yield return new("GitHub:EditInterval", $"{options.EditInterval} is not between 00:00:00.1 and 00:10:00.", "Leave it out for five seconds.");
        if (options.LimitFactor is not (>= 0.1 and <= 10_000))
            yield return new("GitHub:LimitFactor", $"{options.LimitFactor} is not between 0.1 and 10000.", "Leave it out to use the rates that GitHub documents.");
        if (options.BotName is { Length: > 0 } name && !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            yield return new("GitHub:BotName", "It is not a login.", "Write what people type after @, without the @ and without [bot].");
    }

    private static IEnumerable<ConfigurationProblem> Credentials(GitHubOptions options)
    {
        var hasKey = options.PrivateKey is { Length: > 0 } || options.PrivateKeyPath is { Length: > 0 };
        var hasToken = options.Token is { Length: > 0 };

        if (options.WebhookSecret is null or { Length: 0 })
            yield return new("GitHub:WebhookSecret", "It is not set, so nobody could tell GitHub's webhooks from forged ones.", "Set a secret in the webhook settings and give the same one here.");
        if (options.IsApp && hasToken)
            yield return new("GitHub:Token", "A token and an App are set, and only one can act.", "Remove GitHub:Token to act as the App, or GitHub:AppId and its key to act as the token's owner.");
        if (!options.IsApp && !hasToken && !hasKey)
            yield return new("GitHub:AppId", "A webhook secret is set, but nothing to act with.", "Set GitHub:AppId and GitHub:PrivateKeyPath, or GitHub:Token.");
        if (!options.IsApp && hasKey)
            yield return new("GitHub:AppId", "A private key is set, but not whose.", "Set the App's id or client id, from its settings page.");
        if (options.IsApp && !hasKey)
            yield return new("GitHub:PrivateKey", "An App is set, but not its private key.", "Set GitHub:PrivateKeyPath to the .pem file, or GitHub:PrivateKey to its text.");
        if (hasToken && options.Token!.Any(c => !char.IsBetween(c, '!', '~')))
            yield return new("GitHub:Token", "It holds white space or characters no token has.", "Give the token alone, on one line, without quotes.");
        if (hasKey && Key(options) is { } problem) yield return problem;
    }

    private static ConfigurationProblem? Key(GitHubOptions options)
    {
        var inline = options.PrivateKey is { Length: > 0 };
        if (inline && options.PrivateKeyPath is { Length: > 0 })
            return new("GitHub:PrivateKeyPath", "The private key is set twice.", "Remove GitHub:PrivateKey or GitHub:PrivateKeyPath.");

        var key = inline ? "GitHub:PrivateKey" : "GitHub:PrivateKeyPath";
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(options.ReadPrivateKey());
            rsa.SignData([], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return rsa.KeySize < 2048 ? new(key, "The RSA key is shorter than 2048 bits.", NewKey) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(key, $"'{options.PrivateKeyPath}' cannot be read.", "Check the path and that the service's user may read it.");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return new(key, "It is not an RSA private key in PEM.", NewKey);
        }
    }

    private static bool IsHttp(Uri uri) => uri.IsAbsoluteUri && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
