using System.Diagnostics;
using Bots.Engine.Agents;
using Bots.Engine.Forges;
using Bots.Engine.Gateway;
using Bots.Engine.Intake;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Repositories;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Telemetry;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Turns;

/// <summary>Takes one running prompt to its end, from wherever it stands. It never leaves a prompt without an end, except when the service stops: then the next start goes on.</summary>
internal sealed partial class TurnRunner(
    IStore store, SessionLog log, PromptStore prompts, PermissionStore permissions, SandboxManager sandboxes, AgentStarter starter, Publisher publisher, Perseverance perseverance,
    IForge forge, IRepositorySettings repositories, TurnRules rules, ModelTrouble models, AgentsOptions agents, SandboxPaths paths, SandboxOptions options, TurnTraces traces, TimeProvider clock, ILogger<TurnRunner> logger)
{
    private const int MostTries = 2;

    /// <summary>However late it is after a restart, what the agent said meanwhile is heard first.</summary>
    private static readonly TimeSpan Hearing = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RecordAgain = TimeSpan.FromSeconds(5);

    public async Task Run(PromptId id, CancellationToken stopping)
    {
        var prompt = Read(id);
        using var named = LogScopes.Turn(logger, prompt.SessionId, id);
        using var span = Spans.Begin("turn", ActivityKind.Consumer, prompt.Trace);
        span?.SetTag(SpanTags.Session, prompt.SessionId.Value).SetTag(SpanTags.Prompt, id.Value).SetTag(SpanTags.Resumed, prompt.RequestId is not null);
        using var running = traces.Begin(prompt.SessionId, span);
        // Never disposed, since somebody may ask for it at the very end; and cancelled elsewhere, since whatever waits for it goes on there.
        var stop = new CancellationTokenSource();
        await using var linked = stopping.Register(stop.Cancel);
        void Stop(SessionId session)
        {
            if (session == prompt.SessionId) _ = stop.CancelAsync();
        }

        prompts.StopAsked += Stop;
        try
        {
            prompt = Read(id);
            while (!await Try(prompt, stop.Token, stopping)) prompt = Read(id);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException) when (Read(id).StoppedBy is not null)
        {
            await Finish(prompt, PromptState.Cancelled, null, stopping);
        }
        catch (Exception e)
        {
            // What an agent or git said stands in the conversation; the log is for more eyes than that.
            if (e is AgentException or TurnException) FailedInWords(logger, prompt.Id, prompt.SessionId, e.GetType().Name);
            else Failed(logger, prompt.Id, prompt.SessionId, e);
            Why(logger, prompt.Id, e);
            span.Fail(e);
            await Finish(prompt, PromptState.Failed, TurnFailure.Cause(e, paths.HasNoRoom()), stopping);
        }
        finally
        {
            prompts.StopAsked -= Stop;
            span?.SetTag(SpanTags.Outcome, Read(id).State is PromptState.Running ? "interrupted" : EngineMetrics.Lower(Read(id).State));
        }
    }

    /// <param name="setup">Ends when somebody stops the prompt: up to the moment the agent has it.</param>
    /// <returns>False when it has to be tried again in a new sandbox.</returns>
    private async Task<bool> Try(PromptRow prompt, CancellationToken setup, CancellationToken stopping)
    {
        SandboxId? sandbox = null;
        try
        {
            ThrowIfStopped(prompt);
            SandboxLease? lease;
            using (Spans.Begin("sandbox"))
            {
                lease = await sandboxes.Resume(prompt.SessionId, setup);
                if (lease is null)
                {
                    prompt = await Anew(prompt);
                    ThrowIfStopped(prompt);
                    lease = await perseverance.Do(prompt, () => Fresh(prompt, setup), setup);
                }
            }

            await using (lease)
            {
                sandbox = lease.Connection.Sandbox;
                await In(lease, prompt, setup, stopping);
                return true;
            }
        }
        catch (SandboxException e) when (e.Transient && prompt.Tries + 1 < MostTries)
        {
            LostSandbox(logger, prompt.Id, e);
            if (sandbox is { } lost) await sandboxes.Stop(lost, stopping);
            await store.Write(write => write.Db.Execute("UPDATE prompts SET tries = tries + 1 WHERE id = @Id", new { prompt.Id }), stopping);
            return false;
        }
    }

    /// <summary>A sandbox that is new to this session: a warm one, or one that starts now.</summary>
    private async Task<SandboxLease> Fresh(PromptRow prompt, CancellationToken setup)
    {
        var session = store.Read(db => SessionStore.Get(db, prompt.SessionId))!;
        if (await sandboxes.Claim(session, setup) is { } warm) return warm;
        await Stage(prompt, "starting the sandbox");
        return await sandboxes.Start(session.Id, session.Target!.Repository, setup);
    }

    private async Task In(SandboxLease lease, PromptRow prompt, CancellationToken setup, CancellationToken stopping)
    {
        var session = store.Read(db => SessionStore.Get(db, prompt.SessionId))!;
        var target = session.Target!;
        var reason = prompt.StopReason ?? await Work(lease.Connection, prompt, session, target, setup, stopping);
        if (reason == "cancelled")
        {
            await Finish(prompt, PromptState.Cancelled, null, stopping);
            return;
        }

        // The agent was done before the workspace was known to be up to date, and the service ended in between.
        if (Read(prompt.Id).StartCommit is null) await Sync(lease.Connection, prompt, target, stopping);
        using (var span = Spans.Begin("publish"))
        {
            var published = await perseverance.Do(prompt, () => publisher.Publish(Read(prompt.Id), target, lease.Connection, stopping), setup);
            span?.SetTag(SpanTags.Outcome, published ? "published" : "nothing to publish");
        }

        await Finish(prompt, PromptState.Completed, null, stopping);
    }

    /// <summary>Takes the prompt to an agent that is ready, and meanwhile brings the workspace up to date; or first does all that is needed.</summary>
    /// <returns>How the agent's part ended, in ACP's stop reasons.</returns>
    private async Task<string> Work(ISandboxConnection connection, PromptRow prompt, SessionRow session, WorkTarget target, CancellationToken setup, CancellationToken stopping)
    {
        var row = store.Read(db => SandboxStore.Get(db, connection.Sandbox))!;
        if (row is not { AgentReady: true, AgentProcess: { } process } || (prompt.RequestId is null && !await connection.IsRunning(process, setup)))
        {
            await Stage(prompt, $"getting {target.Repository}");
            await Sync(connection, prompt, target, setup);
            await Stage(prompt, "starting the agent");
            var past = session.AgentSessionId is { } earlier ? new AgentPast(session.Id, prompt.Id, earlier) : null;
            var order = new AgentOrder(session.Agent, session.Model) { EarlierProcess = row.AgentProcess, Past = past };
            return await Drive(await starter.Start(order, connection, setup), Read(prompt.Id), Task.CompletedTask, stopping);
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(setup);
        var sync = prompt is { RequestId: not null, StartCommit: not null } ? Task.CompletedTask : Sync(connection, prompt, target, over.Token);
        try
        {
            var reason = await Drive(new AgentChannel(store, connection, process), Read(prompt.Id), sync, stopping);
            if (reason != "cancelled") await sync;
            return reason;
        }
        finally
        {
            await over.CancelAsync();
            await sync.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Brings the session's branch into the workspace, and what the repository wants done there.</summary>
    private Task Sync(ISandboxConnection connection, PromptRow prompt, WorkTarget target, CancellationToken cancellation) => perseverance.Do(prompt, async () =>
    {
        using var span = Spans.Begin("workspace");
        var checkout = new Checkout(connection);
        var settings = await repositories.Of(target.Repository, cancellation);
        var defaultBranch = target.Base is null ? await forge.DefaultBranch(target.Repository, cancellation) : "";
        var commit = await checkout.Prepare(target, defaultBranch, cancellation);
        if (await checkout.SetUp(settings.Setup, cancellation) is { } problem)
        {
            await log.Append(prompt.SessionId, new SessionEvent.Noted(prompt.Id, $"The repository's `setup` failed; I went on without it: {problem}"));
        }

        await checkout.Begin(settings.Start, cancellation);
        return await store.Write(write => write.Db.Execute("UPDATE prompts SET start_commit = COALESCE(start_commit, @commit) WHERE id = @Id", new { prompt.Id, commit }), cancellation);
    }, cancellation);

    private async Task<string> Drive(AgentChannel channel, PromptRow prompt, Task synced, CancellationToken stopping)
    {
        using var span = Spans.Begin("agent");
        var session = store.Read(db => SessionStore.Get(db, prompt.SessionId))!;
        var view = log.View(prompt.SessionId);
        var started = view.Prompts.First(p => p.Id == prompt.Id).StartedAt ?? clock.GetUtcNow();
        var left = started + options.TurnLimit - clock.GetUtcNow();
        left = left < Hearing ? Hearing : left < options.TurnLimit ? left : options.TurnLimit;
        var context = new TurnContext(store, log, permissions, prompts, models, paths, clock)
        {
            Prompt = prompt, Session = session, View = view, AgentSession = session.AgentSessionId!,
            Synced = synced, Rules = await perseverance.Do(prompt, () => rules.Of(prompt, view, session.Target!.Repository, stopping), stopping), Silence = agents.SilenceTimeout, Limit = options.TurnLimit, Deadline = clock.Steady() + left,
        };
        var again = prompt.Tries > 0 ? "\n\n(An earlier attempt at this was interrupted; the workspace may hold a part of the work.)" : "";
        return await new AgentTurn(context, channel).Drive(AcpRequests.PromptText(prompt.Text, prompt.Material) + again, stopping);
    }

    /// <summary>The agent that had this prompt is gone: nothing is owed to it, and the prompt is sent afresh.</summary>
    private Task<PromptRow> Anew(PromptRow prompt)
    {
        var halfway = log.View(prompt.SessionId).Prompts.First(p => p.Id == prompt.Id).Items is [.., TurnItem.Text];
        return store.Write(write =>
        {
            if (prompt.RequestId is not null) permissions.Abandon(write, prompt.SessionId, "the sandbox was lost");
            if (prompt is { RequestId: not null, StopReason: null, StoppedBy: null })
            {
                log.Append(write, prompt.SessionId, new SessionEvent.Noted(prompt.Id, "The sandbox was lost in the middle of it; I began again in a new one."));
                if (halfway) log.Append(write, prompt.SessionId, new SessionEvent.AgentText(prompt.Id, "\n\n"));
            }

            write.Db.Execute("UPDATE prompts SET request_id = NULL, tries = tries + @lost WHERE id = @Id", new { prompt.Id, lost = prompt.RequestId is null ? 0 : 1 });
            return PromptStore.Get(write.Db, prompt.Id)!;
        });
    }

    private static void ThrowIfStopped(PromptRow prompt)
    {
        if (prompt is { StoppedBy: not null, RequestId: null, StopReason: null }) throw new OperationCanceledException("Stopped before an agent had it.");
    }

    private Task Stage(PromptRow prompt, string stage) => log.Append(prompt.SessionId, new SessionEvent.StageChanged(prompt.Id, stage));

    /// <summary>An end that cannot be recorded (the disk is full) is recorded as soon as it can be.</summary>
    private async Task Finish(PromptRow prompt, PromptState state, string? cause, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await store.Write(write => TurnEnd.Record(write, prompts, permissions, prompt, state, cause), CancellationToken.None);
                return;
            }
            catch (StoreException e)
            {
                NotRecorded(logger, prompt.Id, e);
                await Task.Delay(RecordAgain, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private PromptRow Read(PromptId id) => store.Read(db => PromptStore.Get(db, id))!;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Prompt} of {Session} failed")]
    private static partial void Failed(ILogger logger, PromptId prompt, SessionId session, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Prompt} of {Session} failed: {Kind}; its conversation tells why")]
    private static partial void FailedInWords(ILogger logger, PromptId prompt, SessionId session, string kind);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Prompt} failed")]
    private static partial void Why(ILogger logger, PromptId prompt, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Prompt} lost its sandbox and is tried again")]
    private static partial void LostSandbox(ILogger logger, PromptId prompt, Exception e);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of {Prompt} could not be recorded; it is tried again")]
    private static partial void NotRecorded(ILogger logger, PromptId prompt, Exception e);
}
