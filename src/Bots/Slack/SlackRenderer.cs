using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Slack.Rendering;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>Everything a Slack thread should show of a session. Pure.</summary>
internal static class SlackRenderer
{
    /// <summary>In the order in which it is posted. Prompts that were asked elsewhere are answered there, and only there.</summary>
    public static IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now)
    {
        var prompts = session.Prompts.Where(p => p.Conversation == conversation).ToList();
        var messages = new List<SurfaceMessage>();
        foreach (var prompt in prompts)
        {
            if (Seen(prompt) is { } reaction) messages.Add(reaction with { Prompt = prompt.Id });
            if (prompt == prompts[0] && RepositoryMessage.Of(session) is { } question) messages.Add(question with { Prompt = prompt.Id });
            messages.AddRange(Prompt(session, prompt, now).Select(message => message with { Prompt = prompt.Id }));
        }

        return messages;
    }

    /// <summary>A notice's text is Markdown. To somebody of Slack it is shown privately, if it is meant so.</summary>
    public static SurfaceMessage Render(Notice notice)
    {
        var key = $"notice:{notice.Id}";
        var text = MarkdownToMrkdwn.Convert(notice.Text);
        if (notice.Private is { Surface: SlackPlace.Surface } person)
        {
            return new SurfaceMessage
            {
                Key = key, Content = new SlackContent.Ephemeral(person.Id, Mrkdwn.Clip(text, Mrkdwn.TextLimit)).ToJson(), Urgent = true, Editable = false,
            };
        }

        return Kit.Message(key, text, [.. Kit.Sections(text).Take(4)], urgent: true);
    }

    private static IEnumerable<SurfaceMessage> Prompt(SessionView session, PromptView prompt, DateTimeOffset now)
    {
        var messages = prompt.IsOver ? FinalMessages.Of(session, prompt) : [LiveMessage.Of(session, prompt, now)];
        var permissions = prompt.Permissions.Select(p => PermissionMessage.Of(session, prompt, p)).OfType<SurfaceMessage>();
        return [messages[0], .. permissions, .. messages.Skip(1)];
    }

    private static SurfaceMessage? Seen(PromptView prompt) => prompt.Message is not { Length: > 0 } ts ? null : new SurfaceMessage
    {
        Key = $"eyes:{prompt.Id}", Content = new SlackContent.Reaction(ts, "eyes").ToJson(), Urgent = true, Editable = false,
    };
}
