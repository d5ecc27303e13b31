using System.Text.Json;

namespace Bots.Slack;

/// <summary>The few fields of an Events API request that decide how it is stored. Read without building a tree.</summary>
internal readonly record struct SlackEnvelope
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    public string? Type { get; init; }

    public string? EventId { get; init; }

    public string? Team { get; init; }

    public string? Challenge { get; init; }

    public string? EventType { get; init; }

    public string? Subtype { get; init; }

    public string? Channel { get; init; }

    public string? Ts { get; init; }

    /// <summary>
    /// The same for all events that tell of one message somebody wrote (<c>app_mention</c> and <c>message</c>); null for all else.
    /// Edits, deletions and joins have a subtype; they are happenings of their own.
    /// </summary>
    public string? HappeningKey =>
        EventType is "app_mention" or "message" && IsWritten(Subtype) && Team is not null && Channel is not null && Ts is not null
            ? Happening(Team, Channel, Ts)
            : null;

    /// <summary>True for what somebody wrote; false for the traces of edits, deletions, joins.</summary>
    public static bool IsWritten(string? subtype) => subtype is null or "file_share" or "me_message" or "thread_broadcast";

    public static string Happening(string team, string channel, string ts) => $"{team}/{channel}/{ts}";

    /// <returns>False when the bytes are not one whole JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out SlackEnvelope envelope)
    {
        envelope = default;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8)) envelope = envelope with { Type = Text(ref reader) };
                else if (reader.ValueTextEquals("event_id"u8)) envelope = envelope with { EventId = Text(ref reader) };
                else if (reader.ValueTextEquals("team_id"u8)) envelope = envelope with { Team = Text(ref reader) };
                else if (reader.ValueTextEquals("challenge"u8)) envelope = envelope with { Challenge = Text(ref reader) };
                else if (reader.ValueTextEquals("event"u8)) envelope = Inner(ref reader, envelope);
                else reader.Skip();
            }

            return !reader.Read();
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static SlackEnvelope Inner(ref Utf8JsonReader reader, SlackEnvelope envelope)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return envelope;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) envelope = envelope with { EventType = Text(ref reader) };
            else if (reader.ValueTextEquals("subtype"u8)) envelope = envelope with { Subtype = Text(ref reader) };
            else if (reader.ValueTextEquals("channel"u8)) envelope = envelope with { Channel = Text(ref reader) };
            else if (reader.ValueTextEquals("ts"u8)) envelope = envelope with { Ts = Text(ref reader) };
            else reader.Skip();
        }

        return envelope;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }
}
