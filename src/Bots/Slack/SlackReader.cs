using System.Text.Json;
using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>What Slack's deliveries mean. Only what may pass by itself (no answer, a rate limit) is thrown.</summary>
internal sealed class SlackReader(SlackMessageReader messages, SlackInteractionReader interactions, SlackDirectory directory) : IDeliveryReader
{
    public string Surface => SlackPlace.Surface;

    public string? PassOver(Delivery delivery)
    {
        try
        {
            return delivery.Kind == "event_callback" && JsonSerializer.Deserialize(delivery.Body, SlackJson.Wire.EventCallback)?.Event is { } happened
                ? SlackMessageReader.PassOver(happened, directory.KnownSelf) : null;
        }
        catch (JsonException)
        {
            // It is stored, and passed over with what is wrong when it is read.
            return null;
        }
    }

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

    public ConversationKey? Awaited(Delivery delivery)
    {
        try
        {
            return delivery.Kind switch
            {
                "event_callback" => JsonSerializer.Deserialize(delivery.Body, SlackJson.Wire.EventCallback) is { TeamId: { } team, Event: { } happened }
                    ? SlackMessageReader.Addressed(team, happened, directory.KnownSelf) : null,
                "block_actions" when SlackForm.Field(delivery.Body, "payload"u8) is { } payload =>
                    SlackInteractionReader.PlaceOf(JsonSerializer.Deserialize(payload, SlackJson.Wire.SlackInteraction) ?? new())?.Key,
                _ => null,
            };
        }
        catch (JsonException)
        {
            // What cannot be read was passed over, and nobody waits for it.
            return null;
        }
    }

    public ConversationKey? Place(Delivery delivery)
    {
        try
        {
            return delivery.Kind == "event_callback" && JsonSerializer.Deserialize(delivery.Body, SlackJson.Wire.EventCallback) is { TeamId: { } team, Event: { Channel: { } channel, Ts: { } ts } happened }
                ? new SlackPlace(team, channel, happened.ThreadTs ?? ts).Key : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<Inbound> Interpret(Delivery delivery, CancellationToken cancellation)
    {
        switch (delivery.Kind)
        {
            case "event_callback":
                var callback = JsonSerializer.Deserialize(delivery.Body, SlackJson.Wire.EventCallback);
                return callback is { TeamId: { } team, Event: { } happened } ? await messages.Read(team, happened, cancellation) : new Inbound.Ignored("an event without team or content");
            case "block_actions" or "view_submission":
                var payload = SlackForm.Field(delivery.Body, "payload"u8);
                var interaction = payload is null ? null : JsonSerializer.Deserialize(payload, SlackJson.Wire.SlackInteraction);
                return interaction is null ? new Inbound.Ignored("an interaction without payload") : await interactions.Read(interaction, cancellation);
            default:
                return new Inbound.Ignored($"nothing is done about {delivery.Kind}");
        }
    }
}
