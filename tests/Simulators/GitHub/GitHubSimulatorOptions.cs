using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub;

/// <summary>How the simulated GitHub is set up. Every default works.</summary>
public sealed record GitHubSimulatorOptions
{
    /// <summary>Port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Holds the bare repositories as <c>owner/name.git</c>. Null takes a temporary directory that is removed on dispose.</summary>
    public string? DataDirectory { get; init; }

    public long AppId { get; init; } = 1_001;

    public string ClientId { get; init; } = "Iv23liSimulatedClient";

    public string AppSlug { get; init; } = "bots";

    public string AppName { get; init; } = "Bots";

    /// <summary>Id of the user <c>slug[bot]</c>.</summary>
    public long BotUserId { get; init; } = 41_898_282;

    /// <summary>PEM of the app's public key. Null generates a pair; see <see cref="GitHubSimulator.PrivateKey"/>.</summary>
    public string? PublicKey { get; init; }

    /// <summary>A personal access token that works beside the app. Null for none.</summary>
    public string? Token { get; init; }

    /// <summary>The user the <see cref="Token"/> belongs to. It gets write access to every created repository.</summary>
    public string TokenLogin { get; init; } = "machine-user";

    public string WebhookSecret { get; init; } = "simulated-webhook-secret";

    /// <summary>Where webhooks go; can be set later. Null sends nothing.</summary>
    public Uri? WebhookUrl { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Accounts that exist from the start. Others come into being when they are first named as an owner.</summary>
    public IReadOnlyList<Account> Users { get; init; } = [];

    /// <summary>What the app was granted at installation.</summary>
    public IReadOnlyDictionary<string, string> Permissions { get; init; } = new Dictionary<string, string>
    {
        ["actions"] = "read",
        ["checks"] = "write",
        ["contents"] = "write",
        ["issues"] = "write",
        ["metadata"] = "read",
        ["pull_requests"] = "write",
        ["statuses"] = "write",
    };

    /// <summary>Events the app subscribed to. Installation events are sent regardless, as by the original.</summary>
    public IReadOnlyList<string> Events { get; init; } =
        ["check_run", "check_suite", "issue_comment", "issues", "pull_request", "push"];

    /// <summary>Installs the app for an owner, on all repositories, as soon as the owner's first repository is created.</summary>
    public bool InstallAutomatically { get; init; } = true;

    /// <summary>Primary limit of an authenticated caller, calls an hour.</summary>
    public int RateLimit { get; init; } = 5_000;

    /// <summary>Secondary limit: comments, pull requests, reactions and check runs a caller may write in a minute.</summary>
    public int ContentCreationsPerMinute { get; init; } = 80;

    /// <summary>The same, in an hour.</summary>
    public int ContentCreationsPerHour { get; init; } = 500;
}
