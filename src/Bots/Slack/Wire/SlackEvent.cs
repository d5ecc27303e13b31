namespace Bots.Slack.Wire;

/// <summary>The Events API's outer object, as far as it is used.</summary>
internal sealed record EventCallback(string? TeamId, SlackEvent? Event);

/// <summary>A message as <c>app_mention</c> and <c>message.*</c> bring it.</summary>
internal sealed record SlackEvent
{
    public string Type { get; init; } = "";

    public string? Subtype { get; init; }

    public string? Channel { get; init; }

    /// <summary>channel, group, im, mpim; absent on <c>app_mention</c>.</summary>
    public string? ChannelType { get; init; }

    public string? User { get; init; }

    public string? Text { get; init; }

    public string? Ts { get; init; }

    public string? ThreadTs { get; init; }

    public string? BotId { get; init; }

    public IReadOnlyList<SlackFile>? Files { get; init; }

    /// <summary>On <c>assistant_thread_started</c> only.</summary>
    public AssistantThread? AssistantThread { get; init; }
}

internal sealed record AssistantThread(string? UserId, AssistantContext? Context);

/// <param name="ChannelId">The channel the person has open beside the assistant.</param>
internal sealed record AssistantContext(string? ChannelId);

internal sealed record SlackFile(string? Name, string? Title, string? Mimetype);
