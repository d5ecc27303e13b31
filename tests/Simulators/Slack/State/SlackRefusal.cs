namespace Bots.Simulators.Slack.State;

/// <summary>A call that is answered <c>ok: false</c>.</summary>
internal sealed class SlackRefusal(string error, params IReadOnlyList<string> messages) : Exception(error)
{
    public string Error { get; } = error;

    /// <summary>What stands in <c>response_metadata.messages</c>.</summary>
    public IReadOnlyList<string> Messages { get; } = messages;
}
