using System.Text.Json.Nodes;

namespace Bots.Simulators.GitHub.Webhooks;

/// <summary>One attempt to deliver an event. A redelivery is another attempt with the same <see cref="Guid"/>.</summary>
public sealed record WebhookDelivery
{
    public required long Id { get; init; }

    public required Guid Guid { get; init; }

    public required string Event { get; init; }

    public string? Action { get; init; }

    public required long InstallationId { get; init; }

    public long? RepositoryId { get; init; }

    public bool Redelivery { get; init; }

    public required Uri Url { get; init; }

    /// <summary>The JSON that was sent, to the byte.</summary>
    public required string Payload { get; init; }

    public DateTimeOffset DeliveredAt { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>What the receiver answered; 0 while it is under way or when it could not be reached.</summary>
    public int StatusCode { get; init; }

    public string Status { get; init; } = "pending";

    public string ResponseBody { get; init; } = "";

    public IReadOnlyDictionary<string, string> RequestHeaders { get; init; } = new Dictionary<string, string>();

    public bool Succeeded => StatusCode is >= 200 and < 300;

    public JsonNode Json => JsonNode.Parse(Payload)!;
}
