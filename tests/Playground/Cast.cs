using Bots.Simulators.GitHub.State;
using Bots.Simulators.Slack;

namespace Bots.Playground;

/// <summary>Somebody the person at the page can be, on Slack and on GitHub.</summary>
/// <param name="About">Who that is, in words for the page.</param>
/// <param name="IsGuest">May look and talk, but may ask the bot nothing.</param>
internal sealed record Actor(string Id, string Name, string SlackId, string RealName, string About, bool IsGuest = false)
{
    public string Login => Id;

    public Role Role => IsGuest ? Role.Read : Role.Write;
}

/// <param name="Repository">The repository the channel is about; null when the bot must find out.</param>
internal sealed record Room(string Id, string Name, string Topic, string Purpose, string? Repository, IReadOnlyList<string> Suggestions);

/// <summary>Who and what is there when the playground starts.</summary>
internal static class Cast
{
    public const string Owner = "acme";

    public static readonly IReadOnlyList<Actor> People =
    [
        new("ana", "Ana", "U0ANA00000", "Ana Torres", "Ana may write to both repositories."),
        new("ben", "Ben", "U0BEN00000", "Ben Okafor", "Ben may write to both repositories; the open pull request is his."),
        new("gus", "Gus", "U0GUS00000", "Gus Meyer", "Gus is a guest: the bot takes no requests or approvals from him.", IsGuest: true),
    ];

    public static readonly IReadOnlyList<Room> Rooms =
    [
        new("C0CALC0000", "calculator", "acme/calculator", "Talk about acme/calculator. Mention @bots and say what you want; it works in a sandbox and asks before it runs anything.",
            "acme/calculator",
            ["@bots fix the failing test", "@bots what does this do?", "@bots add a test for a split into no parts", "@bots take your time"]),
        new("C0GENERAL0", "general", "Everything else", "This channel belongs to no repository, so the bot asks which one you mean when it cannot tell.",
            null,
            ["@bots what does this do?", "@bots fix the typo on the website"]),
    ];

    public static IReadOnlyList<SlackUser> SlackUsers =>
        [.. People.Select(p => new SlackUser { Id = p.SlackId, Name = p.Id, RealName = p.RealName, Email = $"{p.Id}@example.com", IsRestricted = p.IsGuest })];

    public static IReadOnlyList<SlackChannel> SlackChannels(string bot) =>
        [.. Rooms.Select(r => new SlackChannel { Id = r.Id, Name = r.Name, Members = [.. People.Select(p => p.SlackId), bot] })];
}
