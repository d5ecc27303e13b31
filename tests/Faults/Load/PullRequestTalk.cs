using System.Text.RegularExpressions;
using Bots.Faults.Plan;
using Bots.Faults.World;
using Bots.Simulators.GitHub.State;

namespace Bots.Faults.Load;

/// <summary>People who ask on a pull request, and decide there.</summary>
internal sealed partial class PullRequestTalk(Surroundings world, Timeline timeline)
{
    private const string Repository = Surroundings.Repository;

    private readonly HashSet<string> _decided = new(StringComparer.Ordinal);

    public Asked Say(Talk talk, Job job, Issue pull)
    {
        var comment = world.GitHub.Comment(Surroundings.Commenter, Repository, pull.Number, $"@bots {job.Text}");
        timeline.Add($"{job.Name} is commented on #{pull.Number}: {job.Text}");
        return new Asked(talk.Number, job, $"{comment.Id}", $"{pull.Number}", true);
    }

    public static bool IsAnswered(IReadOnlyList<Comment> comments, Asked asked, string bot) => comments.Any(c => c.Author.Login == bot && IsFinal(c) && Mentions(c, asked, comments, bot));

    public static bool IsFinal(Comment comment) => !comment.Body.Contains('⏳') && !comment.Body.Contains("⚙️", StringComparison.Ordinal) && !comment.Body.Contains("- [ ]", StringComparison.Ordinal);

    /// <summary>Ticks the box of what is asked: the boxes are allow once, allow always, deny, in this order.</summary>
    public void Decide(IReadOnlyList<Comment> comments, IReadOnlyList<Asked> asked)
    {
        foreach (var question in comments.Where(c => c.Author.Login == world.GitHub.Bot.Login && c.Body.Contains("- [ ]", StringComparison.Ordinal)))
        {
            if (asked.FirstOrDefault(a => a.IsComment && question.Body.Contains($"ran/{a.Job.Name}", StringComparison.Ordinal)) is not { } about) continue;
            if (!_decided.Add(Permission().Match(question.Body).Value)) continue;
            var label = about.Job.Decision == Decision.Deny ? "Deny" : "Approve once";
            timeline.Add($"{about.Job.Name}: {label} is ticked");
            world.GitHub.TickCheckbox(Surroundings.Commenter, Repository, question.Id, label);
        }
    }

    private static bool Mentions(Comment comment, Asked asked, IReadOnlyList<Comment> comments, string bot) =>
        Shown.Answers(comment.Body, asked.Job.Name)
        || (comment.Body.Contains("❌ **Failed**", StringComparison.Ordinal) && comments.Count(c => c.Author.Login == bot && IsFinal(c)) >= comments.Count(c => c.Author.Login != bot && c.Id <= long.Parse(asked.Message)));

    [GeneratedRegex("- \\[ \\].*bots:decide=([^:]+):")]
    private static partial Regex Permission();
}
