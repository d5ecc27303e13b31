using Bots.Configuration;
using Microsoft.Extensions.Options;

namespace Bots.Slack;

/// <summary>Everything that must be right before Slack is listened to.</summary>
public sealed class SlackOptionsCheck(IOptions<SlackOptions> options) : IConfigurationCheck
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    public IEnumerable<ConfigurationProblem> Check()
    {
        try
        {
            return Check(options.Value);
        }
        catch (InvalidOperationException unreadable)
        {
            return [new(SlackOptions.Section, unreadable.Message, "Write ApiUrl as a URL and EditInterval as hh:mm:ss.")];
        }
    }

    internal static IEnumerable<ConfigurationProblem> Check(SlackOptions options)
    {
        var (token, secret, socket) = (IsSet(options.BotToken), IsSet(options.SigningSecret), IsSet(options.AppToken));
        if (socket)
            yield return new("Slack:AppToken", "Socket Mode is not supported yet.", "Remove it; set Slack:SigningSecret and let Slack deliver events to /webhooks/slack/events.");
        if (token && !secret)
            yield return new("Slack:SigningSecret", "It is missing, so no request of Slack could be told from a forged one.", "Copy the signing secret from the app's page “Basic Information” at api.slack.com/apps.");
        if (secret && !token)
            yield return new("Slack:BotToken", "It is missing, so nothing could be answered.", "Copy the bot user OAuth token (xoxb-…) from the app's page “OAuth & Permissions”.");
        if (token && !options.BotToken!.StartsWith("xoxb-", StringComparison.Ordinal))
            yield return new("Slack:BotToken", "It is not a bot token.", "Use the bot user OAuth token; it starts with xoxb-.");
        if (!options.Enabled) yield break;
        if (!options.ApiUrl.IsAbsoluteUri || options.ApiUrl.Scheme is not ("https" or "http"))
            yield return new("Slack:ApiUrl", $"'{options.ApiUrl}' is not an http(s) URL.", "Remove it, or write it like https://slack.com/api/.");
        if (options.EditInterval < ShortestInterval || options.EditInterval > LongestInterval)
            yield return new("Slack:EditInterval", $"{options.EditInterval} is out of range.", "Use 00:00:00.1 to 00:01:00; 00:00:01 fits Slack's limits.");
        if (options.LimitFactor is not (>= 0.1 and <= 10_000))
            yield return new("Slack:LimitFactor", $"{options.LimitFactor} is not between 0.1 and 10000.", "Remove it to use the rates that Slack documents.");
        foreach (var team in options.AllowedTeams.Where(t => !t.StartsWith('T') && !t.StartsWith('E')))
            yield return new("Slack:AllowedTeams", $"'{team}' is not the id of a workspace.", "Write ids such as T0123ABCD; they stand in the address of app.slack.com/client/….");
        foreach (var channel in options.AllowedChannels.Where(c => c.StartsWith('#') || string.IsNullOrWhiteSpace(c)))
            yield return new("Slack:AllowedChannels", $"'{channel}' is neither a channel's id nor its name.", "Write C0123ABCD or the name without #.");
    }

    private static bool IsSet(string? text) => !string.IsNullOrWhiteSpace(text);
}
