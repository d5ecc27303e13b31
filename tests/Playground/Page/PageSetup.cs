namespace Bots.Playground.Page;

/// <summary>What the page has to know before it asks the simulators; <c>/playground.json</c>.</summary>
internal sealed record PageSetup(PageModel Model, IReadOnlyList<PagePerson> People, IReadOnlyList<PageChannel> Channels)
{
    public static PageSetup Of(ModelChoice model) => new(
        new PageModel(model.Name, model.About, model.IsScripted),
        [.. Cast.People.Select(p => new PagePerson(p.Id, p.Name, p.About, p.SlackId, p.Login, p.IsGuest))],
        [.. Cast.Rooms.Select(r => new PageChannel(r.Id, r.Topic, r.Purpose, model.IsScripted || r.Suggestions.Count == 0 ? r.Suggestions : [.. r.Suggestions.Take(3)]))]);
}

internal sealed record PageModel(string Name, string About, bool Scripted);

/// <param name="Slack">The Slack user's id.</param>
/// <param name="Login">The GitHub login.</param>
internal sealed record PagePerson(string Id, string Name, string About, string Slack, string Login, bool Guest);

internal sealed record PageChannel(string Id, string Topic, string Purpose, IReadOnlyList<string> Suggestions);
