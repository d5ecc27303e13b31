using System.Text;
using System.Text.Json.Nodes;
using Bots.Bench.World;
using Bots.Simulators.Slack;

namespace Bots.Bench.Ack;

/// <summary>Messages people write to each other in a channel: each is stored and acknowledged, none starts anything.</summary>
/// <param name="areReplies">In threads: these might continue a session, so they are stored whole and looked at in their turn.</param>
public sealed class SlackDeliveries(SlackSimulator slack, bool areReplies = false)
{
    /// <summary>Of all there are: no two messages have the same.</summary>
    private static long _last = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    /// <summary>New ones, signed with the present time: Slack's window is five minutes.</summary>
    public IReadOnlyList<SignedRequest> Next(int count)
    {
        var timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString();
        return [.. Enumerable.Range(0, count).Select(_ => Sign(slack.Compose(Message()), timestamp))];
    }

    private JsonObject Message()
    {
        var micros = ++_last;
        var ts = $"{micros / 1_000_000}.{micros % 1_000_000:D6}";
        var message = new JsonObject
        {
            ["type"] = "message",
            ["user"] = Surroundings.Ana,
            ["text"] = "The build of the release branch is green again; I restarted the two flaky jobs and will look at them after lunch.",
            ["ts"] = ts,
            ["client_msg_id"] = Guid.NewGuid().ToString(),
            ["team"] = slack.Options.TeamId,
            ["channel"] = Surroundings.Channel,
            ["event_ts"] = ts,
            ["channel_type"] = "channel",
        };
        if (areReplies) message["thread_ts"] = $"{micros / 1_000_000 - 3600}.{micros % 1_000_000:D6}";
        return message;
    }

    private SignedRequest Sign(SlackEvent happened, string timestamp) => new(Encoding.UTF8.GetBytes(happened.Body),
    [
        new("X-Slack-Request-Timestamp", timestamp),
        new("X-Slack-Signature", SlackSignature.Sign(slack.Options.SigningSecret, timestamp, happened.Body)),
    ]);
}
