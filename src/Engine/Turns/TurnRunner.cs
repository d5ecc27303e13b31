using Bots.Engine.Agents;
using Bots.Engine.Forges;
using Bots.Engine.Intake;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Sandbox;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Turns;

/// <summary>Takes one running prompt to its end, from wherever it stands. It never leaves a prompt without an end, except when the service stops: then the next start goes on.</summary>
internal sealed partial class TurnRunner(
    IStore store, SessionLog log, PromptStore prompts, PermissionStore permissions, SandboxManager sandboxes, AgentStarter starter, Publisher publisher,
    IForge forge, AgentsOptions agents, SandboxOptions options, TimeProvider clock, ILogger<TurnRunner> logger)
{
    private const int MostTries = 2;

    public async Task Run(PromptId id, CancellationToken stopping)
    {
        var prompt = Read(id);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        void Stop(SessionId session)
        {
            if (session == prompt.SessionId) stop.Cancel();
        }

        prompts.StopAsked += Stop;
        try
        {
            while (!await Try(prompt, stop.Token, stopping)) prompt = Read(id);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException) when (Read(id).StoppedBy is not null)
        {
            await Finish(prompt, PromptState.Cancelled, null);
        }
        catch (Exception e)
        {
            Failed(logger, prompt.Id, prompt.SessionId, e);
            await Finish(prompt, PromptState.Failed, TurnFailure.Cause(e));
        }
        finally
        {
            prompts.StopAsked -= Stop;
        }
    }

    /// <param name="setup">Ends when somebody stops the prompt: up to the moment the agent has it.</param>
    /// <returns>False when it has to be tried again in a new sandbox.</returns>
    private async Task<bool> Try(PromptRow prompt, CancellationToken setup, CancellationToken stopping)
    {
        SandboxId? sandbox = null;
        try
        {
            if (prompt.StoppedBy is not null && prompt.RequestId is null) throw new OperationCanceledException("stopped before it began");
            var lease = await sandboxes.Resume(prompt.SessionId, setup);
            if (lease is null)
            {
                prompt = await Anew(prompt);
                await Stage(prompt, "starting the sandbox");
                lease = await sandboxes.Start(prompt.SessionId, setup);
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

    private async Task In(SandboxLease lease, PromptRow prompt, CancellationToken setup, CancellationToken stopping)
    {
        var session = store.Read(db => SessionStore.Get(db, prompt.SessionId))!;
        var target = session.Target!;
        if (prompt.StopReason is null)
        {
            var channel = await Ready(lease, prompt, session, target, setup);
            var reason = await Drive(channel, Read(prompt.Id), stopping);
            if (reason == "cancelled")
            {
                await Finish(prompt, PromptState.Cancelled, null);
                return;
            }

            if (Remark(reason) is { } remark) await log.Append(session.Id, new SessionEvent.Noted(prompt.Id, remark));
        }

        await publisher.Publish(Read(prompt.Id), target, lease.Connection, stopping);
        await Finish(prompt, PromptState.Completed, null);
    }

    /// <summary>An agent that can be prompted, or that has the prompt already.</summary>
    private async Task<AgentChannel> Ready(SandboxLease lease, PromptRow prompt, SessionRow session, WorkTarget target, CancellationToken setup)
    {
        var connection = lease.Connection;
        var row = store.Read(db => SandboxStore.Get(db, connection.Sandbox))!;
        if (row is { AgentReady: true, AgentProcess: { } running } && prompt.RequestId is not null) return new AgentChannel(store, connection, running);

        await Stage(prompt, $"getting {target.Repository}");
        var defaultBranch = target.Base is null ? await forge.DefaultBranch(target.Repository, setup) : "";
        var commit = await new Workspace(connection).Prepare(target, defaultBranch, setup);
        await store.Write(write => write.Db.Execute("UPDATE prompts SET start_commit = COALESCE(start_commit, @commit) WHERE id = @Id", new { prompt.Id, commit }), setup);
        if (row is { AgentReady: true, AgentProcess: { } idle } && await connection.IsRunning(idle, setup)) return new AgentChannel(store, connection, idle);

        await Stage(prompt, "starting the agent");
        return await starter.Start(session, prompt.Id, connection, row.AgentProcess, setup);
    }

    private async Task<string> Drive(AgentChannel channel, PromptRow prompt, CancellationToken stopping)
    {
        var session = store.Read(db => SessionStore.Get(db, prompt.SessionId))!;
        var view = log.View(prompt.SessionId);
        var started = view.Prompts.First(p => p.Id == prompt.Id).StartedAt ?? clock.GetUtcNow();
        var context = new TurnContext(store, log, permissions, prompts, clock)
        {
            Prompt = prompt, Session = session, View = view, AgentSession = session.AgentSessionId!,
            Silence = agents.SilenceTimeout, Limit = options.TurnLimit, Deadline = started + options.TurnLimit,
        };
        var again = prompt.Tries > 0 ? "\n\n(An earlier attempt at this was interrupted; the workspace may hold a part of the work.)" : "";
        try
        {
            return await new AgentTurn(context, channel).Drive(AcpRequests.PromptText(prompt.Text, prompt.Material) + again, stopping);
        }
        catch (AgentException)
        {
            await store.Write(write =>
            {
                write.Db.Execute("UPDATE sandboxes SET agent_ready = 0 WHERE id = @id", new { id = channel.Sandbox.Sandbox });
                permissions.Abandon(write, session.Id, "the agent ended");
            }, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The agent that had this prompt is gone: nothing is owed to it, and the prompt is sent afresh.</summary>
    private Task<PromptRow> Anew(PromptRow prompt) => store.Write(write =>
    {
        if (prompt.RequestId is not null) permissions.Abandon(write, prompt.SessionId, "the sandbox was lost");
        write.Db.Execute("UPDATE prompts SET request_id = NULL, tries = tries + @lost WHERE id = @Id", new { prompt.Id, lost = prompt.RequestId is null ? 0 : 1 });
        return PromptStore.Get(write.Db, prompt.Id)!;
    });

    private Task Stage(PromptRow prompt, string stage) => log.Append(prompt.SessionId, new SessionEvent.StageChanged(prompt.Id, stage));

    private Task Finish(PromptRow prompt, PromptState state, string? cause) => store.Write(write => prompts.Move(write, prompt, PromptState.Running, state, cause));

    private PromptRow Read(PromptId id) => store.Read(db => PromptStore.Get(db, id))!;

    private static string? Remark(string stopReason) => stopReason switch
    {
        "max_tokens" => "The agent stopped because it reached the model's limit of tokens.",
        "max_turn_requests" => "The agent stopped because it reached its limit of model calls.",
        "refusal" => "The model refused to go on.",
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Prompt} of {Session} failed")]
    private static partial void Failed(ILogger logger, PromptId prompt, SessionId session, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Prompt} lost its sandbox and is tried again")]
    private static partial void LostSandbox(ILogger logger, PromptId prompt, Exception e);
}
