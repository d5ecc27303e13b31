using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Slack.Wire;
using Bots.Surfaces;

namespace Bots.Slack.Rendering;

/// <summary>Asks which repository is meant, and later says which it was. Pure.</summary>
internal static class RepositoryMessage
{
    private const int MostOptions = 100;
    private const int LongestText = 75;

    /// <returns>Null when nobody had to be asked.</returns>
    public static SurfaceMessage? Of(SessionView session)
    {
        var key = $"pick_repository:{session.Id}";
        return session switch
        {
            { Candidates.IsEmpty: false } => Kit.Message(key, "Which repository is this about?", Question(session), urgent: true),
            { RepositoryAsked: true, Target: { } target } => Answer(key, $"Working in *{Mrkdwn.Escape(target.Repository.ToString())}*{Why(session)}"),
            _ => null,
        };
    }

    private static SurfaceMessage Answer(string key, string text) => Kit.Message(key, text, [Kit.Section(text)], urgent: true);

    private static string Why(SessionView session) => session.TargetReason is { Length: > 0 } why ? $" — {Mrkdwn.Short(why, 500)}" : "";

    private static List<Block> Question(SessionView session)
    {
        var options = session.Candidates.Where(c => c.Name.ToString().Length <= LongestText).Take(MostOptions).Select(Option).ToList();
        List<Block> blocks = [Kit.Section("*Which repository is this about?* I could not tell from your message.")];
        if (options.Count > 0)
            blocks.Add(new ActionsBlock([new SelectElement(TextObject.Plain("Pick a repository"), options) { ActionId = SlackActions.PickRepository }]) { BlockId = SlackActions.PickBlock(session.Id) });
        if (session.Candidates.Count > options.Count)
            blocks.Add(Kit.Context($"Not listed: {session.Candidates.Count - options.Count} more. To use one of them, mention me again and name it as `owner/name`."));
        return blocks;
    }

    private static SelectOption Option(RepositoryCandidate candidate) =>
        new(TextObject.Plain(candidate.Name.ToString()), candidate.Name.ToString()) { Description = Description(candidate.Description) };

    private static TextObject? Description(string text)
    {
        var line = VisibleText.OneLine(text, LongestText);
        return line.Length == 0 ? null : TextObject.Plain(line);
    }
}
