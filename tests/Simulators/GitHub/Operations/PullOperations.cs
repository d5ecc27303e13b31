using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Rest;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.GitHub.Webhooks;

namespace Bots.Simulators.GitHub.Operations;

/// <summary>A pull request somebody wants.</summary>
internal sealed record PullDraft(string Title, string? Body, Repository Head, string HeadBranch, string Base, bool Draft, bool MaintainerCanModify);

/// <summary>Opens, changes and merges pull requests, whoever asks.</summary>
internal sealed class PullOperations(World world, Events events, Comparisons comparisons, PullHeads heads, PushOperations pushes)
{
    private const string Resource = "PullRequest";

    private const int MaxTitle = 256;

    /// <exception cref="ApiException">422, with the original's words.</exception>
    public async Task<Issue> Open(Actor actor, Repository repository, PullDraft draft)
    {
        CheckText(draft.Title, draft.Body);
        var tip = await BareRepository.Resolve(repository.Path, $"refs/heads/{draft.Base}") ?? throw ApiException.Invalid(Resource, "base", "invalid");
        var head = await BareRepository.Resolve(draft.Head.Path, $"refs/heads/{draft.HeadBranch}") ?? throw ApiException.Invalid(Resource, "head", "invalid");
        CheckNew(repository, draft);
        await PullHeads.Fetch(repository, draft.Head, head);
        var comparison = await comparisons.Compare(repository.Path, tip, head);
        var (from, to) = draft.Head == repository ? ("", "") : ($"{repository.Owner.Login}:", $"{draft.Head.Owner.Login}:");
        if (comparison.MergeBase is null)
            throw ApiException.Custom(Resource, $"The {from}{draft.Base} branch has no history in common with {to}{draft.HeadBranch}");
        if (comparison.Commits.Count == 0)
            throw ApiException.Custom(Resource, $"No commits between {from}{draft.Base} and {to}{draft.HeadBranch}");

        var issue = Add(actor, repository, draft, tip, head);
        await PullHeads.Write(repository, issue.Number, issue.Pull!);
        events.Pull("opened", actor, repository, issue, comparison);
        return issue;
    }

    /// <summary>Changes title, body, base and state; null leaves as is.</summary>
    /// <exception cref="ApiException">422.</exception>
    public async Task<Issue> Change(Actor actor, Repository repository, Issue issue, string? title, string? body, string? @base, string? state)
    {
        CheckText(title ?? issue.Title, body);
        if (state is not (null or "open" or "closed")) throw ApiException.Invalid(Resource, "state", "invalid");
        if (@base is not null && await BareRepository.Resolve(repository.Path, $"refs/heads/{@base}") is null)
            throw ApiException.Invalid(Resource, "base", "invalid");
        if (state == "open" && !issue.Open) CheckReopening(issue, await BareRepository.Resolve(issue.Pull!.Head.Path, $"refs/heads/{issue.Pull.HeadBranch}"));

        var (before, after) = world.Update(repository, issue.Number, i => i with
        {
            Title = title ?? i.Title,
            Body = body ?? i.Body,
            UpdatedAt = world.Now(),
            ClosedAt = state == "open" ? null : i.ClosedAt,
            Pull = i.Pull! with { BaseBranch = @base ?? i.Pull.BaseBranch },
        });
        await TellEdit(actor, repository, before, after);
        if (state == "open" && !before.Open) events.Pull("reopened", actor, repository, after, await heads.Compare(repository, after));
        return state == "closed" && before.Open ? await heads.Close(repository, after, actor) : after;
    }

    /// <summary>Merges with a merge commit.</summary>
    /// <exception cref="ApiException">405: it cannot be merged. 409: the head is not the expected one.</exception>
    public async Task<Issue> Merge(Actor actor, Repository repository, Issue issue, string? title = null, string? expectedHead = null)
    {
        await using var push = await pushes.Begin(repository, actor);
        var pull = repository.Issues[issue.Number].Pull!;
        if (expectedHead is not null && expectedHead != pull.HeadSha) throw new ApiException(409, "Head branch was modified. Review and try the merge again.");
        var tip = await BareRepository.Resolve(repository.Path, $"refs/heads/{pull.BaseBranch}");
        if (!issue.Open || pull.Draft || tip is null) throw new ApiException(405, "Pull Request is not mergeable");
        var tree = await GitCommand.Try(repository.Path, ["merge-tree", "--write-tree", tip, pull.HeadSha]);
        if (tree.ExitCode != 0) throw new ApiException(405, "Pull Request is not mergeable");

        var message = title ?? $"Merge pull request #{issue.Number} from {pull.Head.Owner.Login}/{pull.HeadBranch}\n\n{issue.Title}";
        var merge = await BareRepository.CommitTree(
            repository.Path, tree.Output.Trim(), [tip, pull.HeadSha], message, (actor.Account.Login, actor.Account.Email), world.Now());
        await GitCommand.Run(repository.Path, "update-ref", $"refs/heads/{pull.BaseBranch}", merge, tip);
        var merged = heads.Merged(repository, issue.Number, merge, tip, actor);
        await push.Settle();
        return await heads.Close(repository, merged, actor);
    }

    private Issue Add(Actor actor, Repository repository, PullDraft draft, string tip, string head)
    {
        var now = world.Now();
        return world.AddIssue(repository, number =>
        {
            CheckNew(repository, draft);
            return new Issue
            {
                Id = world.NewId(),
                Number = number,
                Author = actor.Account,
                Title = draft.Title,
                Body = draft.Body,
                CreatedAt = now,
                UpdatedAt = now,
                ViaApp = actor.ViaApp,
                Pull = new Pull
                {
                    Id = world.NewId(),
                    Head = draft.Head,
                    HeadBranch = draft.HeadBranch,
                    HeadSha = head,
                    BaseBranch = draft.Base,
                    BaseSha = tip,
                    Draft = draft.Draft,
                    MaintainerCanModify = draft.MaintainerCanModify && draft.Head != repository,
                },
            };
        });
    }

    private async Task TellEdit(Actor actor, Repository repository, Issue before, Issue after)
    {
        var changes = new List<(string, string?)>();
        if (before.Title != after.Title) changes.Add(("title", before.Title));
        if (before.Body != after.Body) changes.Add(("body", before.Body));
        if (before.Pull!.BaseBranch != after.Pull!.BaseBranch) changes.Add(("base", before.Pull.BaseBranch));
        if (changes.Count == 0) return;
        KeyValuePair<string, JsonNode?>[] more = [new("changes", Events.Changes(changes))];
        events.Pull("edited", actor, repository, after, await heads.Compare(repository, after), more);
    }

    private static void CheckNew(Repository repository, PullDraft draft)
    {
        if (repository.Issues.Values.Any(i => i.Open && i.Pull is { } pull
            && pull.Head == draft.Head && pull.HeadBranch == draft.HeadBranch && pull.BaseBranch == draft.Base))
            throw ApiException.Custom(Resource, $"A pull request already exists for {draft.Head.Owner.Login}:{draft.HeadBranch}.");
    }

    private static void CheckText(string title, string? body)
    {
        if (string.IsNullOrWhiteSpace(title)) throw ApiException.Invalid(Resource, "title", "missing_field");
        if (title.Length > MaxTitle) throw ApiException.Invalid(Resource, "title", "custom", $"title is too long (maximum is {MaxTitle} characters)");
        if (body?.Length > Discussion.MaxBody)
            throw ApiException.Invalid(Resource, "body", "custom", $"body is too long (maximum is {Discussion.MaxBody} characters)");
    }

    private static void CheckReopening(Issue issue, string? head)
    {
        var problem = issue.Pull!.MergedAt is not null ? "state cannot be changed. The pull request cannot be reopened."
            : head is null ? $"state cannot be changed. The {issue.Pull.HeadBranch} branch has been deleted."
            : head != issue.Pull.HeadSha ? $"state cannot be changed. The {issue.Pull.HeadBranch} branch was force-pushed or recreated."
            : null;
        if (problem is not null) throw ApiException.Invalid(Resource, "state", "custom", problem);
    }
}
