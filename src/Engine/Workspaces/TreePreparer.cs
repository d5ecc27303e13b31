using System.Data;
using System.Security.Cryptography;
using System.Text;
using Bots.Engine.Forges;
using Bots.Engine.Repositories;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Bots.Engine.Turns;
using Bots.Sandbox;
using Dapper;
using Bots.Sandbox.Linux;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Workspaces;

/// <summary>
/// Clones and sets up the repositories in use before anybody asks, and anew when their default branch has moved. All of it happens in a
/// sandbox. A build that fails changes nothing: the last good tree stays.
/// </summary>
internal sealed partial class TreePreparer(
    SandboxManager sandboxes, WorkspaceStore workspaces, TreeStore trees, IForge forge, IRepositorySettings repositories, PreparationNotice notice, IStore store,
    SandboxPaths paths, SandboxOptions options, TimeProvider clock, ILogger<TreePreparer> logger) : Background(clock, logger)
{
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <summary>Many repositories are cloned and set up, one after the other.</summary>
    protected override TimeSpan Longest => TimeSpan.FromHours(12);

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        if (options.PrepareEvery == TimeSpan.Zero) return null;
        foreach (var repository in store.Read(db => InUse(db, _clock.GetUtcNow()))) await Attempt(repository, cancellation);
        return options.PrepareEvery;
    }

    /// <summary>Repositories somebody worked in within the last two weeks.</summary>
    internal static IReadOnlyList<RepositoryName> InUse(IDbConnection db, DateTimeOffset now) =>
        db.Query<RepositoryName>("SELECT DISTINCT repository FROM sessions WHERE repository IS NOT NULL AND updated_at > @since", new { since = now - TimeSpan.FromDays(14) }).ToList();

    private async Task Attempt(RepositoryName repository, CancellationToken cancellation)
    {
        try
        {
            await Prepare(repository, cancellation);
        }
        catch (Exception e) when (e is TurnException or SandboxException or ForgeException)
        {
            NotPrepared(_logger, repository, e.Message);
        }
    }

    /// <summary>Builds a tree when the last one that was tried is of another commit or another setup.</summary>
    internal async Task Prepare(RepositoryName repository, CancellationToken cancellation)
    {
        var settings = await repositories.Of(repository, cancellation);
        var branch = await forge.DefaultBranch(repository, cancellation);
        var setup = Hash(settings);
        var last = store.Read(db => TreeStore.Latest(db, repository));
        var workspace = await workspaces.Spare(repository, empty: true, cancellation);
        try
        {
            var lease = await sandboxes.Start(workspace, SandboxPurpose.Tree, cancellation);
            var sandbox = lease.Connection.Sandbox;
            try
            {
                var checkout = new Checkout(lease.Connection);
                var commit = await checkout.Remote(repository, branch, cancellation);
                if (commit is null || (last?.CommitId == commit && last.SetupHash == setup)) return;
                await Build(checkout, sandbox, workspace, branch, commit, settings, setup, cancellation);
            }
            finally
            {
                await lease.DisposeAsync();
                await sandboxes.Stop(sandbox, CancellationToken.None);
            }
        }
        finally
        {
            await workspaces.Remove(workspace.Id);
        }
    }

    private async Task Build(
        Checkout checkout, SandboxId sandbox, WorkspaceRow workspace, string branch, string commit, RepositorySettings settings, string setup, CancellationToken cancellation)
    {
        var repository = workspace.Repository;
        var tree = await trees.Add(repository);
        var cloned = await checkout.Clone(repository, branch, cancellation);
        if (await checkout.SetUp(settings.Setup, cancellation) is { } problem)
        {
            await notice.Failed(tree, repository, cloned, setup, problem, cancellation);
            SetupFailed(_logger, repository, cloned, problem);
            return;
        }

        // Nothing may be at work in there when it becomes what others build on.
        await sandboxes.Stop(sandbox, cancellation);
        Directory.CreateDirectory(paths.Trees);
        Directory.Move(paths.Workspace(workspace.Id), paths.Tree(tree));
        DurableFiles.Flush(paths.Trees);
        await trees.Ready(tree, cloned, setup);
        Prepared(_logger, repository, cloned);
    }

    private static string Hash(RepositorySettings settings) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(EngineJson.Write(new { settings.Setup, settings.Image, settings.Environment }))))[..16];

    [LoggerMessage(Level = LogLevel.Information, Message = "{Repository} is prepared at {Commit}")]
    private static partial void Prepared(ILogger logger, RepositoryName repository, string commit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The setup of {Repository} failed at {Commit}; the last good state stays in use: {Problem}")]
    private static partial void SetupFailed(ILogger logger, RepositoryName repository, string commit, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Repository} could not be prepared: {Problem}")]
    private static partial void NotPrepared(ILogger logger, RepositoryName repository, string problem);
}
