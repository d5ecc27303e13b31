namespace Bots.Simulators.Slack;

/// <summary>The workspace and the app as an administrator has set them up.</summary>
public sealed record SlackSimulatorOptions
{
    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; }

    public string SigningSecret { get; init; } = "8f742231b10e8888abcd99yyyzzz85a5";

    public string BotToken { get; init; } = "xoxb-0000000000-simulated";

    public string TeamId { get; init; } = "T0SIMULATE";

    public string TeamDomain { get; init; } = "playground";

    public string AppId { get; init; } = "A0SIMULATE";

    /// <summary>The user the app speaks as.</summary>
    public string BotUserId { get; init; } = "U0BOTUSER0";

    /// <summary>What stands in <c>bot_id</c>.</summary>
    public string BotId { get; init; } = "B0BOTUSER0";

    public string BotName { get; init; } = "bots";

    public IReadOnlyList<SlackUser> Users { get; init; } =
    [
        new() { Id = "U0ALICE000", Name = "alice", RealName = "Alice Liddell", Email = "alice@example.com" },
        new() { Id = "U0BOB00000", Name = "bob", RealName = "Bob Dobbs", Email = "bob@example.com" },
    ];

    public IReadOnlyList<SlackChannel> Channels { get; init; } =
    [
        new() { Id = "C0GENERAL0", Name = "general", Members = ["U0ALICE000", "U0BOB00000", "U0BOTUSER0"] },
    ];

    /// <summary>Names of emoji of the workspace's own.</summary>
    public IReadOnlyList<string> CustomEmoji { get; init; } = [];

    /// <summary>Where events go. Nothing is sent while it is null.</summary>
    public Uri? EventsUrl { get; init; }

    /// <summary>Where clicks and submitted views go.</summary>
    public Uri? InteractivityUrl { get; init; }

    /// <summary>Where slash commands go.</summary>
    public Uri? CommandsUrl { get; init; }

    /// <summary>False: <c>assistant.threads.setStatus</c> is not known here.</summary>
    public bool SupportsAssistant { get; init; } = true;

    /// <summary>The app hears its own messages, edits and deletions as events too, as one subscribed to <c>message.channels</c> does.</summary>
    public bool EchoBotMessages { get; init; } = true;

    public SlackRateLimits RateLimits { get; init; } = new();

    /// <summary>Rules timestamps, retries, trigger ids and rate limits; waiting in tests is always in real time.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

public sealed record SlackUser
{
    public required string Id { get; init; }

    /// <summary>What people type after an @.</summary>
    public required string Name { get; init; }

    public required string RealName { get; init; }

    public string Email { get; init; } = "";

    public bool IsBot { get; init; }

    /// <summary>A guest of one channel.</summary>
    public bool IsRestricted { get; init; }

    public bool IsDeactivated { get; init; }
}

public enum SlackChannelKind
{
    Public,
    Private,
    Direct,
    Group,
}

public sealed record SlackChannel
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Members { get; init; }

    public SlackChannelKind Kind { get; init; }

    public bool IsArchived { get; init; }
}

/// <summary>Limits as Slack documents them, generous enough for tests. Off unless <see cref="Enforced"/>.</summary>
public sealed record SlackRateLimits
{
    public bool Enforced { get; init; }

    /// <summary>One post per channel in this time, after the burst.</summary>
    public TimeSpan PostInterval { get; init; } = TimeSpan.FromSeconds(1);

    public int PostBurst { get; init; } = 5;

    /// <summary>Calls a minute of <c>reactions.remove</c>, <c>conversations.list</c> and the like.</summary>
    public int Tier2 { get; init; } = 20;

    /// <summary>Calls a minute of <c>chat.update</c>, <c>conversations.*</c>, <c>reactions.add</c>.</summary>
    public int Tier3 { get; init; } = 50;

    /// <summary>Calls a minute of <c>users.info</c>, <c>views.*</c>, <c>chat.postEphemeral</c> and everything else.</summary>
    public int Tier4 { get; init; } = 100;
}
