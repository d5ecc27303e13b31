using Bots.Engine;
using Bots.Engine.Agents;
using Bots.Engine.Sessions;

namespace Bots.Bench.Engine;

/// <summary>The log of a session that went on for very long: prompt after prompt, each with text in pieces, thoughts, and tool calls with their steps.</summary>
public static class LongLog
{
    private const int PerPrompt = 2_500;

    /// <param name="number">From 0.</param>
    public static SessionEvent Event(int number)
    {
        var (prompt, within) = (new PromptId($"prm_{number / PerPrompt:00000000}"), number % PerPrompt);
        return within switch
        {
            0 => new SessionEvent.PromptQueued(prompt, new Person("slack", "U0ANA00000", "Ana"), "Find out why the sum is wrong, mend it and run the tests.", 0, new ConversationKey("slack", "T0/C0/1"), null),
            1 => new SessionEvent.PromptStarted(prompt),
            PerPrompt - 1 => new SessionEvent.PromptFinished(prompt, PromptState.Completed, null),
            _ => Heard(prompt, within),
        };
    }

    /// <summary>What ends the first prompt.</summary>
    public static SessionEvent Last => Event(PerPrompt - 1);

    /// <summary>Nine pieces of text or thought, then a tool call's three steps.</summary>
    private static SessionEvent Heard(PromptId prompt, int within) => (within % 12) switch
    {
        < 6 => new SessionEvent.AgentText(prompt, "Now the tests: they should pass once the sum is right. "),
        < 9 => new SessionEvent.AgentThought(prompt, "The sum is taken over all but the last. "),
        var step => new SessionEvent.ToolCallChanged(prompt, new ToolCall
        {
            Id = $"call_{within / 12}", Title = "Run npm test", Kind = "execute", Command = "npm test",
            Status = step == 9 ? "pending" : step == 10 ? "in_progress" : "completed", Output = step == 11 ? "1 passing (12ms)\n0 failing\n" : null,
        }),
    };
}
