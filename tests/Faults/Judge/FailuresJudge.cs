using Bots.Engine.Sessions;
using Bots.Faults.Load;

namespace Bots.Faults.Judge;

/// <summary>Only what the agent itself did wrong, or a sandbox lost twice, may end a prompt without an answer: kills and troubles that pass are to be got over.</summary>
internal static class FailuresJudge
{
    private const int Twice = 2;

    private static readonly string[] NoRoom = ["disk", "ENOSPC", "No space left"];

    /// <param name="wasFull">The disk was full for a while: who was told so may ask again.</param>
    public static IEnumerable<Violation> Judge(IReadOnlyList<Asked> asked, Stored stored, bool wasFull)
    {
        var failing = asked.Where(a => a.Job.Fails).Select(a => a.Job.Text).ToHashSet(StringComparer.Ordinal);
        return from prompt in stored.Prompts
               where prompt.State is PromptState.Failed or PromptState.Cancelled && !failing.Contains(prompt.Text) && prompt.Tries < Twice - 1
               let cause = stored.Events[prompt.SessionId].Select(e => e.Event).OfType<SessionEvent.PromptFinished>().FirstOrDefault(e => e.Prompt == prompt.Id)?.Cause
               where !wasFull || !NoRoom.Any(words => cause?.Contains(words, StringComparison.OrdinalIgnoreCase) == true)
               select new Violation($"{prompt.Text} failed: {cause}", Name(prompt.Text), prompt.Id.Value);
    }

    private static string Name(string text) => text.Split(' ', ':')[1];
}
