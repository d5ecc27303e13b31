using Bots.Faults.Load;
using Bots.Faults.World;
using Bots.Simulators.Slack;

namespace Bots.Faults.Judge;

/// <summary>Every accepted mention has one answer, in its thread, and it is final. No message stands there twice.</summary>
internal sealed class MessagesJudge(Surroundings world, IReadOnlyList<Asked> asked, Stored stored)
{
    private readonly List<SlackMessage> _messages = [.. world.Slack.Messages(Surroundings.Channel).Where(m => m is { BotId: not null, IsDeleted: false })];

    public IEnumerable<Violation> Judge()
    {
        foreach (var twice in _messages.GroupBy(m => Shown.Key(m) ?? m.Text).Where(g => g.Count() > 1))
            yield return new Violation($"{twice.Count()} messages {twice.Key}: {string.Join(" | ", twice.Select(m => m.Text))}", Names(twice));
        foreach (var open in _messages.Where(m => !Shown.IsFinal(m) || Shown.HasButton(m, "approve_once")))
            yield return new Violation($"{Shown.Key(open)} is not final: {open.Text}", Names([open]));
        foreach (var thread in asked.Where(a => !a.IsComment).GroupBy(a => a.Thread))
        {
            var answers = _messages.Count(m => m.ThreadTs == thread.Key && Shown.IsPrompt(m));
            if (answers < thread.Count(a => a.Accepted) || answers > thread.Count())
                yield return new Violation($"thread {thread.Key} has {answers} answers to {thread.Count(a => a.Accepted)} mentions", [.. thread.Select(a => a.Job.Name)]);
        }

        foreach (var violation in asked.Where(a => a is { IsComment: false, Accepted: true }).SelectMany(Answer)) yield return violation;
    }

    private IEnumerable<Violation> Answer(Asked asked)
    {
        var answers = _messages.Where(m => Shown.Answers(m.Text, asked.Job.Name)).ToList();
        var prompts = stored.Prompts.Where(p => p.Text == asked.Job.Text).ToList();
        if (prompts.Count != 1) yield return new Violation($"{asked.Job.Name} is {prompts.Count} prompts", asked.Job.Name);
        if (answers.Count > 1) yield return new Violation($"{asked.Job.Name} has {answers.Count} answers", asked.Job.Name);
        if (answers.Exists(m => m.ThreadTs != asked.Thread)) yield return new Violation($"{asked.Job.Name} is answered in the wrong thread", asked.Job.Name);
        if (answers.Count > 0 || prompts.Count != 1) yield break;

        var said = _messages.Find(m => Shown.Key(m) == $"prompt:{prompts[0].Id}");
        if (said is null) yield return new Violation($"{asked.Job.Name} has no answer", asked.Job.Name);
        else if (said.ThreadTs != asked.Thread) yield return new Violation($"{asked.Job.Name} is answered in the wrong thread", asked.Job.Name);
        else if (!Shown.IsFailure(said.Everything)) yield return new Violation($"{asked.Job.Name} has no answer, but: {said.Text}", asked.Job.Name);
    }

    private List<string> Names(IEnumerable<SlackMessage> messages) =>
        [.. asked.Where(a => messages.Any(m => m.ThreadTs == a.Thread)).Select(a => a.Job.Name)];
}
