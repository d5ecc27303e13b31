using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.GitHub.Webhooks;

namespace Bots.Simulators.GitHub.Operations;

/// <summary>Notices what a push changed, and lets pull requests and the app follow.</summary>
internal sealed class PushOperations(World world, Renderer render, Events events, PullHeads heads)
{
    /// <summary>Begins a push; nobody else changes the repository's refs until the result is disposed.</summary>
    public async Task<Push> Begin(Repository repository, Actor pusher)
    {
        await repository.RefLock.WaitAsync();
        try
        {
            return new Push(this, repository, pusher, await BareRepository.Refs(repository.Path));
        }
        catch
        {
            repository.RefLock.Release();
            throw;
        }
    }

    private async Task Apply(Repository repository, RefChange change, Actor pusher)
    {
        repository.PushedAt = world.Now();
        events.Push(pusher, repository, await PushPayload.Create(world, render, repository, change, pusher));
        if (change.Branch is { } branch)
        {
            await heads.HeadMoved(repository, branch, change, pusher);
            if (!change.Deleted) await heads.BaseMoved(repository, branch, change.After, pusher);
        }

        world.Changed.Raise();
    }

    private static IEnumerable<RefChange> Changes(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        before.Keys.Union(after.Keys)
            .Select(name => new RefChange(
                name, before.GetValueOrDefault(name, BareRepository.NoCommit), after.GetValueOrDefault(name, BareRepository.NoCommit)))
            .Where(change => change.Before != change.After)
            .OrderBy(change => change.Ref, StringComparer.Ordinal);

    /// <summary>A push under way.</summary>
    internal sealed class Push(
        PushOperations operations, Repository repository, Actor pusher, IReadOnlyDictionary<string, string> before) : IAsyncDisposable
    {
        /// <summary>Compares the refs with what they were, and tells.</summary>
        public async Task Settle()
        {
            var after = await BareRepository.Refs(repository.Path);
            foreach (var change in Changes(before, after).ToList()) await operations.Apply(repository, change, pusher);
        }

        public ValueTask DisposeAsync()
        {
            repository.RefLock.Release();
            return ValueTask.CompletedTask;
        }
    }
}
