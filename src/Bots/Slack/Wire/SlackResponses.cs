using System.Text.Json;

namespace Bots.Slack.Wire;

/// <summary>What every Web API answer holds.</summary>
internal record SlackResponse
{
    public bool Ok { get; init; }

    public string? Error { get; init; }

    public SlackResponseMetadata? ResponseMetadata { get; init; }

    /// <summary>Null when there are no more pages.</summary>
    public string? NextCursor => ResponseMetadata?.NextCursor is { Length: > 0 } cursor ? cursor : null;
}

internal sealed record SlackResponseMetadata(string? NextCursor, IReadOnlyList<string>? Messages);

internal sealed record AuthTestResponse : SlackResponse
{
    public string? TeamId { get; init; }

    public string? UserId { get; init; }

    public string? BotId { get; init; }
}

/// <summary>chat.postMessage, chat.postEphemeral and chat.update.</summary>
internal sealed record PostResponse : SlackResponse
{
    public string? Channel { get; init; }

    public string? Ts { get; init; }

    public string? MessageTs { get; init; }
}

internal sealed record UserResponse : SlackResponse
{
    public SlackUser? User { get; init; }
}

internal sealed record SlackUser
{
    public string Id { get; init; } = "";

    public string? TeamId { get; init; }

    public string? Name { get; init; }

    public string? RealName { get; init; }

    public bool Deleted { get; init; }

    public bool IsBot { get; init; }

    public bool IsRestricted { get; init; }

    public bool IsUltraRestricted { get; init; }

    public bool IsStranger { get; init; }

    public SlackProfile? Profile { get; init; }
}

internal sealed record SlackProfile(string? DisplayName, string? RealName, string? Email);

/// <summary>conversations.replies and conversations.history.</summary>
internal sealed record MessagesResponse : SlackResponse
{
    public IReadOnlyList<SlackThreadMessage>? Messages { get; init; }
}

internal sealed record SlackThreadMessage
{
    public string? Subtype { get; init; }

    public string? User { get; init; }

    public string? Username { get; init; }

    public string? BotId { get; init; }

    public SlackBotProfile? BotProfile { get; init; }

    public string? Text { get; init; }

    public string Ts { get; init; } = "";

    public string? ThreadTs { get; init; }

    /// <summary>Of a thread's first message: how many answers it has.</summary>
    public int ReplyCount { get; init; }

    public IReadOnlyList<SlackFile>? Files { get; init; }

    public JsonElement? Metadata { get; init; }
}

internal sealed record SlackBotProfile(string? Name);

internal sealed record ChannelResponse : SlackResponse
{
    public SlackChannel? Channel { get; init; }
}

/// <summary>conversations.list.</summary>
internal sealed record ChannelsResponse : SlackResponse
{
    public IReadOnlyList<SlackChannel>? Channels { get; init; }
}

internal sealed record SlackChannel(string? Id, string? Name);
