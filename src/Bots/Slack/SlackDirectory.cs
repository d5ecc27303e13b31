using System.Collections.Concurrent;
using Bots.Engine;
using Bots.Engine.Surfaces;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>Who the bot itself is.</summary>
internal sealed record SlackIdentity(string Team, string User, string? Bot);

/// <summary>Who and what stands behind Slack's ids; remembered for a while, since messages come far more often than names change.</summary>
internal sealed class SlackDirectory(SlackClient client, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<string, Remembered<SlackUser>> _users = new();
    private readonly ConcurrentDictionary<string, Remembered<string>> _channels = new();
    private SlackIdentity? _self;

    /// <summary>Who the bot is, if Slack has told before.</summary>
    public SlackIdentity? KnownSelf => _self;

    /// <exception cref="SurfaceException">Slack did not say.</exception>
    public async Task<SlackIdentity> Self(CancellationToken cancellation)
    {
        if (_self is { } known) return known;
        var answer = await client.AuthTest(cancellation);
        if (answer is not { TeamId: { } team, UserId: { } user })
            throw new SurfaceException(SurfaceOutcome.Retry, "Slack's auth.test names no team or user.", SlackErrors.UntilMended);
        return _self = new SlackIdentity(team, user, answer.BotId);
    }

    /// <returns>Null when Slack knows no such user, or does not tell this app.</returns>
    /// <exception cref="SurfaceException">Slack could not answer now.</exception>
    public Task<SlackUser?> User(string user, CancellationToken cancellation) =>
        Recall(_users, user, async () => (await client.User(user, cancellation)).User);

    /// <returns>Null for a direct message, and when Slack does not tell this app.</returns>
    /// <exception cref="SurfaceException">Slack could not answer now.</exception>
    public Task<string?> ChannelName(string channel, CancellationToken cancellation) =>
        Recall(_channels, channel, async () => (await client.Channel(channel, cancellation)).Channel?.Name);

    /// <summary>The id of a channel the bot can see, by its name without #.</summary>
    /// <exception cref="SurfaceException">There is none, or Slack could not answer now.</exception>
    public async Task<string> ChannelId(string name, CancellationToken cancellation)
    {
        string? cursor = null;
        do
        {
            var page = await client.Channels(cursor, cancellation);
            if (page.Channels?.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase))?.Id is { } id) return id;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        throw new SurfaceException(SurfaceOutcome.Rejected, $"There is no channel #{name} that the bot can see. Invite it there, or use the channel's id.");
    }

    public async Task<Person> Person(string user, CancellationToken cancellation) => PersonOf(user, await User(user, cancellation));

    public static Person PersonOf(string id, SlackUser? user) => new(SlackPlace.Surface, id, NameOf(id, user), user?.Profile?.Email is { Length: > 0 } email ? email : null);

    private static string NameOf(string id, SlackUser? user)
    {
        string?[] names = [user?.Profile?.DisplayName, user?.Profile?.RealName, user?.RealName, user?.Name];
        return names.FirstOrDefault(n => !string.IsNullOrWhiteSpace(n)) ?? id;
    }

    private async Task<T?> Recall<T>(ConcurrentDictionary<string, Remembered<T>> memory, string key, Func<Task<T?>> ask)
        where T : class
    {
        var now = time.GetUtcNow();
        if (memory.TryGetValue(key, out var remembered) && remembered.Until > now) return remembered.Value;
        var value = await Ask(ask);
        if (memory.Count >= Most) memory.Clear();
        memory[key] = new(value, now + Fresh);
        return value;
    }

    private static async Task<T?> Ask<T>(Func<Task<T?>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (SurfaceException refused) when (refused.IsFinal)
        {
            return null;
        }
    }

    private sealed record Remembered<T>(T? Value, DateTimeOffset Until);
}
