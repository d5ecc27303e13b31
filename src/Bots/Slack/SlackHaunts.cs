using Bots.Engine;
using Bots.Engine.Forges;
using Bots.Engine.Storage;
using Dapper;
using Microsoft.Extensions.Options;

namespace Bots.Slack;

/// <summary>Where people talk to the bot, as far as the store and the configuration know.</summary>
internal sealed class SlackHaunts(IStore store, IReadOnlyList<KnownRepository> repositories, IOptions<SlackOptions> options)
{
    private static readonly TimeSpan Active = TimeSpan.FromDays(1);
    private static readonly TimeSpan InUse = TimeSpan.FromDays(30);

    /// <summary>Threads of sessions in which something happened within the day before.</summary>
    public IReadOnlyList<SlackPlace> Threads(DateTimeOffset before) => Places(before - Active);

    /// <summary>Channels in which a session was busy within the month before, and those that are configured by their id.</summary>
    /// <param name="team">The bot's own workspace, where configured channels are.</param>
    public IReadOnlyList<(string Team, string Channel)> Channels(string team, DateTimeOffset before) =>
    [
        .. Places(before - InUse).Select(place => (place.Team, place.Channel))
            .Concat(repositories.SelectMany(r => r.Channels).Concat(options.Value.AllowedChannels).Where(IsId).Select(channel => (team, channel)))
            .Distinct(),
    ];

    private List<SlackPlace> Places(DateTimeOffset since) =>
    [
        .. store.Read(db => db.Query<string>(
            "SELECT c.key FROM conversations c JOIN sessions s ON s.id = c.session_id WHERE c.surface = @surface AND s.updated_at >= @since ORDER BY s.updated_at DESC",
            new { surface = SlackPlace.Surface, since }).ToList())
            .Select(key => SlackPlace.TryParse(new ConversationKey(SlackPlace.Surface, key), out var place) ? place : null)
            .OfType<SlackPlace>().Where(place => place.IsOpen && IsId(place.Channel)),
    ];

    private static bool IsId(string channel) =>
        channel.Length >= 8 && channel[0] is ('C' or 'G' or 'D') && channel.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));
}
