namespace Bots.GitHub;

/// <summary>Section <c>GitHub</c>: a GitHub App, or a plain token in its place.</summary>
public sealed record GitHubOptions
{
    public const string Section = "GitHub";

    /// <summary>The App's numeric id or its client id; the issuer of its JWTs.</summary>
    public string? AppId { get; init; }

    /// <summary>The App's private key, PEM; secret. Line breaks may be written as <c>\n</c>.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>A file with the private key, in place of <see cref="PrivateKey"/>.</summary>
    public string? PrivateKeyPath { get; init; }

    /// <summary>Shared with GitHub's webhook settings; secret.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>A plain token, in place of an App; secret.</summary>
    public string? Token { get; init; }

    /// <summary>Base of the REST API. GitHub Enterprise Server: <c>https://HOST/api/v3/</c>.</summary>
    public Uri ApiUrl { get; init; } = new("https://api.github.com/");

    /// <summary>Base of clone URLs and links.</summary>
    public Uri WebUrl { get; init; } = new("https://github.com/");

    /// <summary>What people write after <c>@</c>. Null is the App's slug, or the token's login.</summary>
    public string? BotName { get; init; }

    /// <summary>The least time between two edits of a comment that are not urgent. 100 ms to 10 min.</summary>
    public TimeSpan EditInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much of the rates that GitHub documents for comments is used: 1 is all of it; a GitHub Enterprise Server may know none. 0.1 to 10,000.</summary>
    public double LimitFactor { get; init; } = 1;

    /// <summary>True when anything of GitHub's credentials is set.</summary>
    public bool Enabled => IsEnabled([AppId, PrivateKey, PrivateKeyPath, Token, WebhookSecret]);

    /// <summary>True for an App, false for a plain token.</summary>
    public bool IsApp => !string.IsNullOrEmpty(AppId);

    /// <summary>Reads <see cref="PrivateKey"/> or the file at <see cref="PrivateKeyPath"/>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public string ReadPrivateKey() =>
        string.IsNullOrEmpty(PrivateKey) ? File.ReadAllText(PrivateKeyPath ?? "") : PrivateKey.Replace("\\n", "\n", StringComparison.Ordinal);

    /// <summary>Whether the section, as it stands in the configuration, asks for GitHub. Never throws, whatever is written there.</summary>
    public static bool IsEnabled(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return IsEnabled([section[nameof(AppId)], section[nameof(PrivateKey)], section[nameof(PrivateKeyPath)], section[nameof(Token)], section[nameof(WebhookSecret)]]);
    }

    /// <exception cref="InvalidOperationException">A value cannot be read as its type.</exception>
    public static GitHubOptions Read(IConfiguration configuration)
    {
        var options = configuration.GetSection(Section).Get<GitHubOptions>() ?? new GitHubOptions();
        return options with { ApiUrl = AsFolder(options.ApiUrl), WebUrl = AsFolder(options.WebUrl) };
    }

    /// <summary>Without the values, since most of them are secrets.</summary>
    public override string ToString() => $"{nameof(GitHubOptions)} {ApiUrl}";

    private static bool IsEnabled(ReadOnlySpan<string?> credentials)
    {
        foreach (var credential in credentials)
            if (!string.IsNullOrEmpty(credential)) return true;
        return false;
    }

    // A base without its last slash would lose its last segment as soon as something is resolved against it.
    private static Uri AsFolder(Uri uri) =>
        !uri.IsAbsoluteUri || uri.AbsolutePath.EndsWith('/') ? uri : new Uri(uri.GetLeftPart(UriPartial.Path) + "/");
}
