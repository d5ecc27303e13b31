namespace Bots.Slack.Wire;

/// <summary>The payload of <c>block_actions</c> and <c>view_submission</c>, as far as it is used: ids only, and the reason typed into the modal.</summary>
internal sealed record SlackInteraction
{
    public string Type { get; init; } = "";

    public SlackRef? Team { get; init; }

    public SlackRef? User { get; init; }

    public string? TriggerId { get; init; }

    public SlackContainer? Container { get; init; }

    public SlackRef? Channel { get; init; }

    public SlackOrigin? Message { get; init; }

    public IReadOnlyList<SlackAction>? Actions { get; init; }

    public SlackSubmittedView? View { get; init; }
}

internal sealed record SlackRef(string? Id);

internal sealed record SlackContainer(string? Type, string? MessageTs, string? ChannelId, string? ThreadTs);

/// <param name="Team">The workspace the message was posted from.</param>
internal sealed record SlackOrigin(string? Ts, string? ThreadTs, string? Team);

internal sealed record SlackAction(string? ActionId, string? BlockId, string? Value, SlackChoice? SelectedOption);

internal sealed record SlackChoice(string? Value);

internal sealed record SlackSubmittedView(string? CallbackId, string? PrivateMetadata, SlackViewState? State);

/// <param name="Values">By block id, then action id.</param>
internal sealed record SlackViewState(IReadOnlyDictionary<string, IReadOnlyDictionary<string, SlackInput>>? Values);

internal sealed record SlackInput(string? Value);
