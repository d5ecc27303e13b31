using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;

namespace Bots.Tests.Slack;

/// <summary>Sessions as their logs tell them, one event a second.</summary>
internal static class Sessions
{
    public static readonly ConversationKey InThread = new("slack", "T1/C1/1700000000.000100");
    public static readonly Person Ana = new("slack", "UANA", "Ana");
    public static readonly Person Ben = new("slack", "UBEN", "Ben");
    public static readonly PromptId Prompt = new("prm_1");
    public static readonly PermissionId Permission = new("abc123");
    public static readonly WorkTarget Target = new(RepositoryName.Parse("acme/shop"), "bots/fix-1a2b3c4d");

    public static SessionView Fold(params IEnumerable<SessionEvent> events)
    {
        var id = new SessionId("ses_00000001");
        return SessionFold.Fold(id, events.Select((e, i) => new LoggedEvent(id, i + 1, SlackKit.Start.AddSeconds(i), e)));
    }

    public static SessionEvent[] Opening(int ahead = 0) =>
    [
        new SessionEvent.SessionOpened("opencode", "anthropic/claude", Target),
        new SessionEvent.PromptQueued(Prompt, Ana, "fix the build", ahead, InThread, "1700000000.000100"),
    ];

    public static SessionView Queued(int ahead = 0) => Fold(Opening(ahead));

    public static SessionView Running(params SessionEvent[] more) => Fold([.. Opening(), new SessionEvent.PromptStarted(Prompt), .. more]);

    public static SessionView Finished(PromptState state, string? cause = null, params SessionEvent[] before) =>
        Fold([.. Opening(), new SessionEvent.PromptStarted(Prompt), .. before, new SessionEvent.PromptFinished(Prompt, state, cause)]);

    public static SessionEvent Says(string text) => new SessionEvent.AgentText(Prompt, text);

    public static SessionEvent Tool(string id, string status, string title) => new SessionEvent.ToolCallChanged(Prompt, new ToolCall { Id = id, Title = title, Status = status, Kind = "read" });

    public static SessionEvent Asks(ToolCall call) => new SessionEvent.PermissionAsked(Permission, Prompt, call, SlackKit.Start.AddMinutes(30));

    public static SessionEvent Decides(PermissionDecision decision, Person? by, string? rule = null, string? reason = null) =>
        new SessionEvent.PermissionDecided(Permission, Prompt, decision, by, rule, reason);

    public static ToolCall Runs(string command) => new() { Id = "c1", Kind = "execute", Title = "Run a command", Command = command };

    public static ToolCall Edits(params FileDiff[] diffs) => new() { Id = "c1", Kind = "edit", Title = "Edit", Diffs = diffs };
}
