using System.Diagnostics.CodeAnalysis;
using Bots.Engine;

namespace Bots.Slack;

/// <summary>A Slack thread: what a conversation's key <c>team/channel/thread</c> says.</summary>
/// <param name="Team">Workspace id.</param>
/// <param name="Channel">Channel id; only for a thread that is not open yet possibly <c>#name</c>.</param>
/// <param name="Thread">The <c>ts</c> of the thread's first message, or <c>new:…</c> for one that is not open yet.</param>
public sealed record SlackPlace(string Team, string Channel, string Thread)
{
    public const string Surface = "slack";

    private const string New = "new:";

    public ConversationKey Key => new(Surface, $"{Team}/{Channel}/{Thread}");

    /// <summary>False while the first message has not been posted.</summary>
    public bool IsOpen => !Thread.StartsWith(New, StringComparison.Ordinal);

    public static SlackPlace Unopened(string team, string channel) => new(team, channel, New + Guid.CreateVersion7().ToString("N"));

    public static bool TryParse(ConversationKey conversation, [NotNullWhen(true)] out SlackPlace? place)
    {
        place = conversation.Surface == Surface && conversation.Key.Split('/') is [{ Length: > 0 } team, { Length: > 0 } channel, { Length: > 0 } thread]
            ? new SlackPlace(team, channel, thread)
            : null;
        return place is not null;
    }

    /// <exception cref="FormatException">The key is not one of ours.</exception>
    public static SlackPlace Parse(ConversationKey conversation) =>
        TryParse(conversation, out var place) ? place : throw new FormatException($"'{conversation}' is not a Slack thread.");
}
