namespace Bots.Engine.Intake;

/// <summary>One inbound event as a surface sent it, before anybody interpreted it.</summary>
public sealed record Delivery
{
    public required string Surface { get; init; }

    /// <summary>The surface's id of this delivery. Sent again, it has the same.</summary>
    public required string Id { get; init; }

    /// <summary>What it tells of, where one happening may reach us as several deliveries (Slack: team/channel/ts): a second one is the same delivery, whatever its id. Null where the id alone tells.</summary>
    public string? HappeningKey { get; init; }

    /// <summary>What the surface says it is: <c>event_callback</c>, <c>block_actions</c>, <c>issue_comment</c> …</summary>
    public required string Kind { get; init; }

    /// <summary>The raw bytes as they were signed.</summary>
    public required byte[] Body { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The traceparent of the span that stored it; null where nobody traced, and before it is stored.</summary>
    public string? Trace { get; init; }
}

/// <summary>The durable, de-duplicating store of deliveries.</summary>
public interface IInbox
{
    /// <summary>Stores a delivery; of one that is nothing to the bot, only that it was here. The task ends only when it is on disk, so an acknowledgement after it is safe.</summary>
    /// <returns>False when this delivery (or its happening) was already stored.</returns>
    Task<bool> Append(Delivery delivery, CancellationToken cancellation);
}

/// <summary>What a surface makes of its own deliveries. May call the surface's API; has no effects of its own on sessions.</summary>
public interface IDeliveryReader
{
    /// <summary>The surface whose deliveries this reads.</summary>
    string Surface { get; }

    /// <summary>Why a delivery is nothing to the bot, where its own content tells; null where it has to be read. For deliveries as they arrive: asks nobody and waits for nothing.</summary>
    string? PassOver(Delivery delivery) => null;

    /// <summary>The conversation which a delivery can only continue: where the bot takes no part in it, it is not even read. Null for all else. Asks the surface nothing.</summary>
    ConversationKey? Continues(Delivery delivery) => null;

    /// <summary>Authorises and translates. An exception is retried with backoff, so throw only for what may pass by itself.</summary>
    Task<IReadOnlyList<Inbound>> Read(Delivery delivery, CancellationToken cancellation);

    /// <summary>Where somebody waits for an answer to a delivery that could not be read; null when nobody does. Asks the surface nothing.</summary>
    ConversationKey? Awaited(Delivery delivery) => null;

    /// <summary>
    /// The place whose deliveries are taken in only in the order in which they came: one that has to be tried again holds up those after it. Null for
    /// what may overtake: what people click, and what concerns no conversation. Asks the surface nothing.
    /// </summary>
    ConversationKey? Place(Delivery delivery) => null;
}
