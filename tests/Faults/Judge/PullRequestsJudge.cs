using System.Text.RegularExpressions;
using Bots.Engine.Sessions;
using Bots.Faults.Load;
using Bots.Faults.World;
using Bots.Simulators.GitHub.State;

namespace Bots.Faults.Judge;

/// <summary>Every comment to the bot has one answer; no comment, pull request or commit is there twice.</summary>
internal sealed partial class PullRequestsJudge(Surroundings world, IReadOnlyList<Asked> asked, Stored stored)
{
    private const string Repository = Surroundings.Repository;

    public async Task<IReadOnlyList<Violation>> Judge()
    {
        var pulls = world.GitHub.PullRequests(Repository);
        var violations = new List<Violation>();
        foreach (var twice in pulls.GroupBy(p => p.Pull!.HeadBranch).Where(g => g.Count() > 1))
            violations.Add(new Violation($"{twice.Count()} pull requests of {twice.Key}", twice.Key));
        foreach (var pull in pulls) violations.AddRange(Comments(pull));
        violations.AddRange(asked.Where(a => a is { IsComment: true, Accepted: true }).SelectMany(Answer));
        violations.AddRange(await Commits());
        return violations;
    }

    private IEnumerable<Violation> Comments(Issue pull)
    {
        var own = pull.Comments.Where(c => c.Author.Login == world.GitHub.Bot.Login).ToList();
        foreach (var twice in own.GroupBy(c => Key(c) ?? c.Body).Where(g => g.Count() > 1))
            yield return new Violation($"#{pull.Number} has {twice.Count()} comments {twice.Key}", Names(pull));
        foreach (var open in own.Where(c => !PullRequestTalk.IsFinal(c)))
            yield return new Violation($"a comment of #{pull.Number} is not final: {open.Body}", Names(pull));
    }

    private IEnumerable<Violation> Answer(Asked asked)
    {
        var own = world.GitHub.Comments(Repository, int.Parse(asked.Thread)).Where(c => c.Author.Login == world.GitHub.Bot.Login).ToList();
        var answers = own.Count(c => Shown.Answers(c.Body, asked.Job.Name));
        if (answers > 1) yield return new Violation($"{asked.Job.Name} has {answers} answers on #{asked.Thread}", asked.Job.Name);
        if (answers > 0) yield break;
        var prompt = stored.Prompts.FirstOrDefault(p => p.Text == asked.Job.Text);
        if (prompt is null || own.Find(c => Key(c) == $"prompt:{prompt.Id}") is not { } said || !said.Body.Contains("❌ **Failed**", StringComparison.Ordinal))
            yield return new Violation($"{asked.Job.Name} has no answer on #{asked.Thread}", asked.Job.Name);
    }

    private async Task<IReadOnlyList<Violation>> Commits()
    {
        var violations = new List<Violation>();
        var log = await world.GitHub.Git(Repository, "log", "--branches", "--not", "main", "--format=%s");
        var commits = log.Split('\n', StringSplitOptions.RemoveEmptyEntries).GroupBy(subject => subject).ToDictionary(g => g.Key.ToLowerInvariant(), g => g.Count());
        violations.AddRange(commits.Where(c => c.Value > 1).Select(c => new Violation($"{c.Value} commits {c.Key}", c.Key.Split(' ', ':')[1])));
        var completed = stored.Prompts.Where(p => p.State == PromptState.Completed).Select(p => p.Text).ToHashSet(StringComparer.Ordinal);
        violations.AddRange(asked.Where(a => a.Job.Edits && completed.Contains(a.Job.Text) && !commits.ContainsKey(a.Job.Text))
            .Select(a => new Violation($"{a.Job.Name} was done, and its commit is not there", a.Job.Name)));
        return violations;
    }

    private List<string> Names(Issue pull) => [.. asked.Where(a => a.IsComment && a.Thread == $"{pull.Number}").Select(a => a.Job.Name)];

    private static string? Key(Comment comment) => Marker().Match(comment.Body) is { Success: true } marker ? marker.Groups[1].Value : null;

    [GeneratedRegex("<!-- bots:key=(\\S+) -->")]
    private static partial Regex Marker();
}
