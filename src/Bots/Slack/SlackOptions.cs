namespace Bots.Slack;

/// <summary>Section <c>Slack</c>.</summary>
public sealed record SlackOptions
{
    public const string Section = "Slack";

    /// <summary>Secret, <c>xoxb-…</c>: what the bot calls the Web API with.</summary>
    public string? BotToken { get; init; }

    /// <summary>Secret: what Slack signs its requests with.</summary>
    public string? SigningSecret { get; init; }

    /// <summary>Secret, <c>xapp-…</c>: Socket Mode, which is not supported yet.</summary>
    public string? AppToken { get; init; }

    /// <summary>Base of the Web API.</summary>
    public Uri ApiUrl { get; init; } = new("https://slack.com/api/");

    /// <summary>Ids (<c>T…</c>) of workspaces whose members may ask, besides the bot's own.</summary>
    public IReadOnlyList<string> AllowedTeams { get; init; } = [];

    /// <summary>Ids or names (without #) of the channels where the bot listens. Empty: wherever it was invited, and direct messages.</summary>
    public IReadOnlyList<string> AllowedChannels { get; init; } = [];

    /// <summary>The least time between two edits in one thread that are not urgent.</summary>
    public TimeSpan EditInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much of the rates that Slack documents is used: 1 is all of it, more is for a simulated Slack. 0.1 to 10,000.</summary>
    public double LimitFactor { get; init; } = 1;

    /// <summary>True as soon as somebody began to configure Slack; <see cref="SlackOptionsCheck"/> then wants all of it.</summary>
    public bool Enabled => !string.IsNullOrWhiteSpace(BotToken) || !string.IsNullOrWhiteSpace(SigningSecret);

    /// <summary><see cref="ApiUrl"/> with the trailing slash that method names are appended to.</summary>
    internal Uri ApiBase => ApiUrl.AbsoluteUri.EndsWith('/') ? ApiUrl : new Uri(ApiUrl.AbsoluteUri + "/");

    /// <summary>Says nothing of the secrets, so that the options may be logged.</summary>
    public override string ToString() => $"Slack at {ApiUrl}";
}
