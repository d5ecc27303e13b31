using Bots.Slack.Wire;
using Microsoft.Extensions.Options;

namespace Bots.Slack;

/// <summary>Decides who may ask and answer in Slack: full members of allowed workspaces, in allowed channels.</summary>
internal sealed class SlackAccess(SlackDirectory directory, IOptions<SlackOptions> options)
{
    /// <summary>Looks up what the decision needs, and decides.</summary>
    /// <param name="team">The workspace the request came from.</param>
    public async Task<SlackAdmission> Admit(string team, string channel, string user, CancellationToken cancellation)
    {
        var self = await directory.Self(cancellation);
        var known = await directory.User(user, cancellation);
        var name = options.Value.AllowedChannels.Count == 0 ? null : await directory.ChannelName(channel, cancellation);
        return new SlackAdmission(known, Refusal(options.Value, self, team, channel, name, known));
    }

    /// <returns>Why not, in words for the one who asked; null when they may.</returns>
    internal static string? Refusal(SlackOptions options, SlackIdentity self, string team, string channel, string? channelName, SlackUser? user)
    {
        if (!IsAllowed(team)) return "I do not work for this workspace. Whoever runs me can allow it.";
        if (user is null || user.Deleted || user.IsBot) return "I could not find out who you are, so I may not act on this.";
        if (user.IsStranger || (user.TeamId is { Length: > 0 } home && !IsAllowed(home))) return "I only take requests from members of this workspace. Please ask one of them.";
        if (user.IsRestricted || user.IsUltraRestricted) return "I only take requests from full members of this workspace, not from guests. Please ask one of them.";
        if (options.AllowedChannels.Count > 0 && !options.AllowedChannels.Any(c => c == channel || string.Equals(c, channelName, StringComparison.OrdinalIgnoreCase)))
            return "I do not work in this channel. Please ask me in one of the channels I was set up for.";
        return null;

        bool IsAllowed(string id) => id == self.Team || options.AllowedTeams.Contains(id);
    }
}

/// <param name="Refusal">Null when the user may ask.</param>
internal sealed record SlackAdmission(SlackUser? User, string? Refusal);
