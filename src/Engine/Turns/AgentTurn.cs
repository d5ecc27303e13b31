using System.Text.Json;
using Bots.Engine.Agents;
using Bots.Engine.Intake;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Sandbox.Sidecars;
using Dapper;

namespace Bots.Engine.Turns;

/// <summary>
/// Drives one prompt through the agent, from wherever it stands: not yet sent, running since before a restart, or only waiting for
/// people. Whatever is heard is stored together with its effects, then acknowledged.
/// </summary>
internal sealed class AgentTurn(TurnContext context, AgentChannel channel)
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(15);

    private readonly Queue<string> _errors = new();
    private readonly TurnTranscript _transcript = new(context);
    private long? _request = context.Prompt.RequestId;
    private TimeSpan? _stopBy;

    private TimeSpan _heardAt = context.Clock.Steady();

    /// <returns>How it ended, in ACP's stop reasons.</returns>
    /// <exception cref="AgentException">The agent failed, ended or fell silent.</exception>
    public async Task<string> Drive(string text, CancellationToken cancellation)
    {
        await using var inputs = new TurnInputs(context, channel);
        if (_request is null) await Send(text, cancellation);
        await channel.Pump(cancellation);
        while (true)
        {
            var batch = await inputs.Next(Patience(), cancellation);
            var end = batch is null ? await Overdue(cancellation) : await TakeInStep(batch, cancellation);
            if (end is not null) return end;
        }
    }

    private Task Send(string text, CancellationToken cancellation) => context.Store.Write(write => Prompt(write, text), cancellation);

    private void Prompt(IWrite write, string text)
    {
        _request = channel.Request(write, "session/prompt", AcpRequests.Prompt(context.AgentSession, text));
        write.Db.Execute("UPDATE prompts SET request_id = @_request WHERE id = @Id", new { _request, context.Prompt.Id });
    }

    private TimeSpan? Patience()
    {
        var now = context.Clock.Steady();
        var asking = context.Store.Read(db => PermissionStore.Open(db, context.Session.Id)).Count > 0;
        var silence = asking ? TimeSpan.MaxValue : _heardAt + context.Silence;
        var until = _stopBy ?? (silence < context.Deadline ? silence : context.Deadline);
        return until < now ? TimeSpan.Zero : until - now;
    }

    private async Task<string?> Overdue(CancellationToken cancellation)
    {
        // The gateway may have asked people meanwhile, of which the agent says nothing.
        if (Patience() > TimeSpan.Zero) return null;
        if (_stopBy is null) await GiveUp(Overlong(), cancellation);
        await channel.Kill(cancellation);
        return "cancelled";
    }

    private string Overlong() => context.Clock.Steady() >= context.Deadline
            ? $"The turn took longer than {context.Limit.TotalMinutes:0} minutes and was ended. Ask for a smaller step, or raise `Sandbox:Limits:Duration`."
            : $"The agent said nothing for {context.Silence.TotalMinutes:0.#} minutes and was ended. Asking again starts it anew.";

    /// <exception cref="AgentException">Always, with the cause.</exception>
    private async Task GiveUp(string cause, CancellationToken cancellation)
    {
        await channel.Kill(cancellation);
        await context.Store.Write(write => Failed(write, cause), cancellation);
        throw new AgentException(cause);
    }

    /// <summary>The sync gate: from the first request to change or run something on, all waits until the workspace is up to date.</summary>
    private async Task<string?> TakeInStep(IReadOnlyList<TurnInput> batch, CancellationToken cancellation)
    {
        var gate = context.Synced.IsCompletedSuccessfully ? batch.Count : batch.TakeWhile(input => !Gated(input)).Count();
        if (gate > 0 && await Take([.. batch.Take(gate)], cancellation) is { } end) return end;
        if (gate == batch.Count) return null;
        try
        {
            await context.Synced.WaitAsync(cancellation);
        }
        catch (TurnException)
        {
            await channel.Kill(cancellation);
            throw;
        }

        return await Take([.. batch.Skip(gate)], cancellation);
    }

    private bool Gated(TurnInput input) =>
        input is TurnInput.Heard { Message: RpcMessage.Request { Method: "session/request_permission" } request } && PermissionPolicy.Touches(_transcript.Asked(request));

    private async Task<string?> Take(IReadOnlyList<TurnInput> batch, CancellationToken cancellation)
    {
        if (batch.OfType<TurnInput.Broken>().FirstOrDefault() is { } broken)
        {
            if (broken.Cause is TurnException) await channel.Kill(cancellation);
            throw broken.Cause;
        }

        if (batch.OfType<TurnInput.Hopeless>().FirstOrDefault() is { } hopeless && _stopBy is null) await GiveUp(hopeless.Cause, cancellation);
        var heard = batch.OfType<TurnInput.Heard>().ToList();
        _heardAt = context.Clock.Steady();
        var woken = heard.Count < batch.Count;
        var end = await context.Store.Write(write =>
        {
            if (woken) Answer(write);
            var result = Record(write, heard);
            if (result is null && heard is [.., { Output: ProcessOutput.Exited exited }]) result = Gone(write, exited);
            if (heard.Count > 0) channel.Took(write, heard[^1].Output.Number);
            return result;
        }, cancellation);
        _transcript.Stored();
        await channel.Pump(cancellation);
        if (heard.Count > 0) await channel.Acknowledge(heard[^1].Output.Number, cancellation);
        return end?.Failure is { } failure ? throw new AgentException(failure) : end?.StopReason;
    }

    /// <summary>Passes on what people decided, and a wish to stop.</summary>
    private void Answer(IWrite write)
    {
        var stopper = PromptStore.Get(write.Db, context.Prompt.Id)?.StoppedBy;
        if (stopper is not null && _stopBy is null)
        {
            _stopBy = context.Clock.Steady() + StopTime;
            foreach (var open in PermissionStore.Open(write.Db, context.Session.Id))
            {
                context.Permissions.Decide(write, open, PermissionDecision.Deny, stopper, "stopped", null);
            }

            channel.Send(write, Rpc.Notification("session/cancel", AcpRequests.Cancel(context.AgentSession)));
        }

        foreach (var decided in PermissionStore.Unanswered(write.Db, context.Session.Id))
        {
            channel.Send(write, Rpc.Result(decided.RequestId, stopper is null ? AcpRequests.Answer(decided) : AcpRequests.Cancelled()));
            write.Db.Execute("UPDATE permission_requests SET answered = 1 WHERE id = @Id", new { decided.Id });
        }
    }

    private TurnEnd? Record(IWrite write, List<TurnInput.Heard> heard)
    {
        TurnEnd? end = null;
        foreach (var input in heard)
        {
            switch (input.Message)
            {
                case RpcMessage.Notification { Method: "session/update" } update:
                    _transcript.Update(update.Params.At("update"));
                    break;
                case RpcMessage.Request { Method: "session/request_permission" } request:
                    Permission(write, request);
                    break;
                case RpcMessage.Request request:
                    channel.Send(write, Rpc.Error(request.Id, -32601, $"{request.Method} is not supported"));
                    break;
                case RpcMessage.Result result when result.Id == _request.ToString():
                    end = Ended(write, result.Value.Find("stopReason") ?? "end_turn");
                    break;
                case RpcMessage.Error error when error.Id == _request.ToString():
                    end = _stopBy is null ? Failed(write, $"The agent could not finish: {error.Message}") : Ended(write, "cancelled");
                    break;
                default:
                    if (input.Output is ProcessOutput.ErrorLine line) Remember(line.Text);
                    else if (input.Output is ProcessOutput.Dropped gap) Remember($"({gap.Bytes} bytes of its output were left out.)");
                    break;
            }
        }

        _transcript.Flush(write);
        return end;
    }

    private void Permission(IWrite write, RpcMessage.Request request)
    {
        var call = _transcript.Asked(request);
        _transcript.Add(new SessionEvent.ToolCallChanged(context.Prompt.Id, call));
        _transcript.Flush(write);
        var options = AcpTranslator.Options(request.Params);
        if (_stopBy is not null)
        {
            channel.Send(write, Rpc.Result(request.Id, AcpRequests.Cancelled()));
            return;
        }

        var answer = PermissionPolicy.Decide(call, PermissionStore.Grants(write.Db, context.Session.Id), context.Rules);
        if (answer.Verdict == PolicyVerdict.Ask)
        {
            context.Permissions.Ask(write, context.Session.Id, context.Prompt.Id, request.Id, call, options);
            return;
        }

        var allowed = answer.Verdict == PolicyVerdict.Allow;
        channel.Send(write, Rpc.Result(request.Id, AcpRequests.Choice(options, allowed ? "allow" : "reject")));
        if (allowed) context.Permissions.Allow(write, context.Session.Id, context.Prompt.Id, call, answer.Rule);
        else context.Permissions.Refuse(write, context.Session.Id, context.Prompt.Id, request.Id, call, options, answer.Rule);
    }

    /// <summary>The agent's turn is over, unless it has to be told why something was denied.</summary>
    private TurnEnd? Ended(IWrite write, string stopReason)
    {
        var untold = write.Db.Query<PermissionRow>(
            "UPDATE permission_requests SET told = 1 WHERE prompt_id = @Id AND state = 'denied' AND told = 0 RETURNING *",
            new { context.Prompt.Id }).ToList();
        if (untold.Count > 0 && _stopBy is null)
        {
            Prompt(write, AcpRequests.Denials(untold));
            return null;
        }

        write.Db.Execute("UPDATE prompts SET stop_reason = @stopReason WHERE id = @Id", new { stopReason, context.Prompt.Id });
        if (TurnEnd.Remark(stopReason) is { } remark) context.Log.Append(write, context.Session.Id, new SessionEvent.Noted(context.Prompt.Id, remark));
        return new TurnEnd(stopReason, null);
    }

    private TurnEnd? Gone(IWrite write, ProcessOutput.Exited exited) =>
        _stopBy is null ? Failed(write, AgentStarter.Ended(exited.Code, _errors)) : Ended(write, "cancelled");

    private TurnEnd Failed(IWrite write, string cause)
    {
        cause = TurnFailure.Cause(cause, context.Paths.HasNoRoom());
        TurnEnd.Record(write, context.Prompts, context.Permissions, context.Prompt, PromptState.Failed, cause);
        return new TurnEnd(null, cause);
    }

    private void Remember(string line)
    {
        _errors.Enqueue(line);
        if (_errors.Count > 5) _errors.Dequeue();
    }
}
