namespace Bots.Simulators.Slack;

/// <summary>An event as it is sent, ready to be delivered as often as a test likes.</summary>
/// <param name="Type">Of the inner event.</param>
/// <param name="Body">The envelope, byte for byte.</param>
public sealed record SlackEvent(string Id, string Type, string Body);

/// <summary>One attempt to deliver an event.</summary>
public sealed record SlackDelivery
{
    public required string EventId { get; init; }

    public required string EventType { get; init; }

    /// <summary>0 for the first attempt.</summary>
    public required int Retry { get; init; }

    /// <summary>Null when there was no answer.</summary>
    public int? Status { get; init; }

    public string Body { get; init; } = "";

    /// <summary>Why it counts as failed, as in <c>x-slack-retry-reason</c>; null when it was taken.</summary>
    public string? Failure { get; init; }

    /// <summary>The receiver asked for no more attempts.</summary>
    public bool NoRetry { get; init; }

    /// <summary>How long the answer took, in real time.</summary>
    public TimeSpan Elapsed { get; init; }

    public bool IsTaken => Failure is null;
}

/// <summary>What a click or a command led to.</summary>
/// <param name="Status">Null when there was no answer within three seconds.</param>
/// <param name="Payload">The payload that was sent.</param>
public sealed record SlackInteraction(int? Status, string Body, string TriggerId, Uri? ResponseUrl, string Payload);

public enum SlackSubmitOutcome
{
    Closed,
    Errors,
    Updated,
    Pushed,
    Cleared,

    /// <summary>No or no valid answer: the person sees "we had some trouble connecting".</summary>
    Failed,
}

/// <summary>What became of a submitted view.</summary>
/// <param name="Errors">By block id.</param>
public sealed record SlackSubmission(SlackSubmitOutcome Outcome, int? Status, string Body, IReadOnlyDictionary<string, string> Errors);

/// <summary>A person cannot do this: there is no such button, view, channel.</summary>
public sealed class SlackDrivingException(string message) : Exception(message);
