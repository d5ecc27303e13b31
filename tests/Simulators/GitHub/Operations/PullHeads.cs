using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.GitHub.Webhooks;

namespace Bots.Simulators.GitHub.Operations;

/// <summary>Keeps <c>refs/pull/N/head</c> and the pull requests in step with the branches.</summary>
internal sealed class PullHeads(World world, Events events, Comparisons comparisons)
{
    /// <summary>What git says of a pull request now; of a closed one, what it said at the end.</summary>
    public async Task<Comparison> Compare(Repository repository, Issue issue)
    {
        var pull = issue.Pull!;
        var tip = issue.Open ? await BareRepository.Resolve(repository.Path, $"refs/heads/{pull.BaseBranch}") : null;
        return await comparisons.Compare(repository.Path, tip ?? pull.BaseSha, pull.HeadSha);
    }

    /// <summary>Points <c>refs/pull/N/head</c> at the head, whose commits are fetched from the fork first.</summary>
    public static async Task Write(Repository repository, int number, Pull pull)
    {
        await Fetch(repository, pull.Head, pull.HeadSha);
        await GitCommand.Run(repository.Path, "update-ref", $"refs/pull/{number}/head", pull.HeadSha);
    }

    /// <summary>Brings a commit of a fork into the repository.</summary>
    public static async Task Fetch(Repository repository, Repository head, string sha)
    {
        if (head != repository) await GitCommand.Run(repository.Path, "fetch", "--quiet", "--no-write-fetch-head", head.Path, sha);
    }

    /// <summary>A branch was pushed or deleted: the pull requests that come from it follow.</summary>
    public async Task HeadMoved(Repository head, string branch, RefChange change, Actor pusher)
    {
        foreach (var repository in world.Repositories)
        {
            foreach (var issue in repository.Issues.Values.Where(i => i.Open && i.Pull?.Head == head && i.Pull.HeadBranch == branch))
            {
                if (change.Deleted) await Close(repository, issue, pusher);
                else await Synchronize(repository, issue, change, pusher);
            }
        }
    }

    /// <summary>A branch moved: open pull requests onto it whose head it now contains are merged.</summary>
    public async Task BaseMoved(Repository repository, string branch, string tip, Actor pusher)
    {
        foreach (var issue in repository.Issues.Values.Where(i => i.Open && i.Pull?.BaseBranch == branch))
        {
            var contained = await GitCommand.Try(repository.Path, ["merge-base", "--is-ancestor", issue.Pull!.HeadSha, tip]);
            if (contained.ExitCode == 0) await Close(repository, Merged(repository, issue.Number, tip, null, pusher), pusher);
        }
    }

    /// <summary>Marks a pull request as merged, and closes it.</summary>
    public Issue Merged(Repository repository, int number, string mergeCommit, string? @base, Actor merger)
    {
        var now = world.Now();
        return world.Update(repository, number, i => i with
        {
            ClosedAt = now,
            UpdatedAt = now,
            Pull = i.Pull! with { MergedAt = now, MergedBy = merger.Account, MergeCommitSha = mergeCommit, BaseSha = @base ?? i.Pull.BaseSha },
        }).After;
    }

    /// <summary>Closes a pull request if it is open, and tells.</summary>
    public async Task<Issue> Close(Repository repository, Issue issue, Actor actor)
    {
        var now = world.Now();
        var closed = world.Update(repository, issue.Number, i => i with { ClosedAt = i.ClosedAt ?? now, UpdatedAt = now }).After;
        events.Pull("closed", actor, repository, closed, await Compare(repository, closed));
        return closed;
    }

    private async Task Synchronize(Repository repository, Issue issue, RefChange change, Actor pusher)
    {
        var tip = await BareRepository.Resolve(repository.Path, $"refs/heads/{issue.Pull!.BaseBranch}") ?? issue.Pull.BaseSha;
        var (_, updated) = world.Update(repository, issue.Number, i => i with
        {
            UpdatedAt = world.Now(),
            Pull = i.Pull! with { HeadSha = change.After, BaseSha = tip },
        });
        await Write(repository, issue.Number, updated.Pull!);
        var shas = new JsonObject { ["before"] = change.Before, ["after"] = change.After };
        events.Pull("synchronize", pusher, repository, updated, await Compare(repository, updated), shas.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
    }
}
