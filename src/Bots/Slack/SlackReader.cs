using System.Text.Json;
using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>What Slack's deliveries mean. Only what may pass by itself (no answer, a rate limit) is thrown.</summary>
internal sealed class SlackReader(SlackMessageReader messages, SlackInteractionReader interactions, SlackDirectory directory) : IDeliveryReader
{
    public string Surface => SlackPlace.Surface;

    public string? PassOver(Delivery delivery) => Told(delivery) is (_, { } happened) ? SlackMessageReader.PassOver(happened, directory.KnownSelf) : null;

    public async Task<IReadOnlyList<Inbound>> Read(Delivery delivery, CancellationToken cancellation)
    {
        try
        {
            return [await Interpret(delivery, cancellation)];
        }
        catch (JsonException unreadable)
        {
            return [new Inbound.Ignored($"a {delivery.Kind} of an unexpected shape: {unreadable.Message}")];
        }
    }

    public ConversationKey? Continues(Delivery delivery) => Told(delivery) is ({ } team, { } happened) ? SlackMessageReader.Continues(team, happened, directory.KnownSelf) : null;

    public ConversationKey? Awaited(Delivery delivery) => delivery.Kind switch
    {
        "event_callback" => Told(delivery) is ({ } team, { } happened) ? SlackMessageReader.Addressed(team, happened, directory.KnownSelf) : null,
        "block_actions" => Readable(() => Interaction(delivery)) is { } interaction ? SlackInteractionReader.PlaceOf(interaction)?.Key : null,
        _ => null,
    };

    public ConversationKey? Place(Delivery delivery) =>
        Told(delivery) is ({ } team, { Channel: { } channel, Ts: { } ts } happened) ? new SlackPlace(team, channel, happened.ThreadTs ?? ts).Key : null;

    private async Task<Inbound> Interpret(Delivery delivery, CancellationToken cancellation)
    {
        switch (delivery.Kind)
        {
            case "event_callback":
                return Event(delivery) is { TeamId: { } team, Event: { } happened } ? await messages.Read(team, happened, cancellation) : new Inbound.Ignored("an event without team or content");
            case "block_actions" or "view_submission":
                return Interaction(delivery) is { } interaction ? await interactions.Read(interaction, cancellation) : new Inbound.Ignored("an interaction without payload");
            default:
                return new Inbound.Ignored($"nothing is done about {delivery.Kind}");
        }
    }

    /// <summary>What an event tells, as far as it can be read.</summary>
    private static (string? Team, SlackEvent? Happened) Told(Delivery delivery) =>
        delivery.Kind == "event_callback" && Readable(() => Event(delivery)) is { } callback ? (callback.TeamId, callback.Event) : default;

    private static EventCallback? Event(Delivery delivery) => JsonSerializer.Deserialize(delivery.Body, SlackJson.Wire.EventCallback);

    private static SlackInteraction? Interaction(Delivery delivery) =>
        SlackForm.Field(delivery.Body, "payload"u8) is { } payload ? JsonSerializer.Deserialize(payload, SlackJson.Wire.SlackInteraction) : null;

    private static T? Readable<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (JsonException)
        {
            // It is passed over when it is read in its turn, and says why.
            return null;
        }
    }
}
