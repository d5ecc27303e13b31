using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Sandbox.Sidecars;
using Dapper;

namespace Bots.Engine.Agents;

/// <summary>Starts an agent in a sandbox and brings it to a session: a new one, or the one it had before.</summary>
internal sealed class AgentStarter(AgentLauncher launcher, IStore store, SessionLog log, TimeProvider clock)
{
    private static readonly TimeSpan InitializeTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SessionTime = TimeSpan.FromSeconds(120);

    /// <summary>Starts the agent anew. An agent that ran before in this sandbox is ended.</summary>
    /// <exception cref="AgentException">It did not start, or speaks another protocol version.</exception>
    public async Task<AgentChannel> Start(AgentOrder order, ISandboxConnection sandbox, CancellationToken cancellation)
    {
        if (order.EarlierProcess is { } earlier) await sandbox.Kill(earlier, cancellation);
        var process = $"agent-{Guid.CreateVersion7():N}";
        await store.Write(write =>
        {
            write.Db.Execute(
                "UPDATE sandboxes SET agent_process = @process, agent_ready = 0, last_output = 0, last_input = 0 WHERE id = @id",
                new { process, id = sandbox.Sandbox });
            write.Db.Execute("DELETE FROM agent_inputs WHERE sandbox_id = @id", new { id = sandbox.Sandbox });
        }, cancellation);
        var launch = launcher.Start(order.Agent, order.Model);
        await sandbox.Start(process, launch.Process, cancellation);

        var channel = new AgentChannel(store, sandbox, process);
        using var deadline = new CancellationTokenSource(InitializeTime, clock);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        var lines = channel.Read(reading.Token).GetAsyncEnumerator(CancellationToken.None);
        await using (lines.ConfigureAwait(false))
        {
            var dialogue = new Dialogue(channel, lines, deadline);
            Answered(await Call(dialogue, "initialize", AcpRequests.Initialize(), InitializeTime, cancellation), "initialize");
            var agentSession = await Open(dialogue, order, launch.SessionMeta, cancellation);
            await store.Write(write =>
            {
                write.Db.Execute(
                    "UPDATE sandboxes SET agent_ready = 1, agent = @Agent, model = @Model, agent_session_id = @agentSession WHERE id = @id",
                    new { id = sandbox.Sandbox, order.Agent, order.Model, agentSession });
                write.Db.Execute(
                    "UPDATE sessions SET agent_session_id = @agentSession WHERE id = (SELECT session_id FROM sandboxes WHERE id = @id)",
                    new { id = sandbox.Sandbox, agentSession });
            }, cancellation);
        }

        return channel;
    }

    private async Task<string> Open(Dialogue dialogue, AgentOrder order, JsonObject? meta, CancellationToken cancellation)
    {
        if (order.Past is { } past)
        {
            if (await Call(dialogue, "session/load", AcpRequests.LoadSession(past.AgentSession, meta), SessionTime, cancellation) is RpcMessage.Result) return past.AgentSession;
            await log.Append(past.Session, new SessionEvent.Noted(past.Prompt, "The agent could not take up its earlier conversation; it goes on from the state of the branch."));
        }

        var opened = Answered(await Call(dialogue, "session/new", AcpRequests.NewSession(meta), SessionTime, cancellation), "session/new");
        var session = opened.Find("sessionId") ?? throw new AgentException("The agent opened a session without an id.");
        if (ModelChoice.Of(opened, order.Model) is { } choice)
        {
            Answered(await Call(dialogue, choice.Method, choice.Request(session), SessionTime, cancellation), choice.Method);
        }

        return session;
    }

    private static JsonElement Answered(RpcMessage answer, string method) => answer switch
    {
        RpcMessage.Result result => result.Value,
        RpcMessage.Error error => throw new AgentException($"The agent refused {method}: {error.Message}"),
        _ => throw new InvalidOperationException($"{answer.GetType().Name} is no answer."),
    };

    /// <summary>Sends a request and waits for its answer: a result or an error. What else the agent says meanwhile (a replayed history) is passed over.</summary>
    private async Task<RpcMessage> Call(Dialogue dialogue, string method, JsonNode parameters, TimeSpan time, CancellationToken cancellation)
    {
        var (channel, lines, deadline) = dialogue;
        deadline.CancelAfter(time);
        var id = await store.Write(write => channel.Request(write, method, parameters), cancellation);
        await channel.Pump(cancellation);
        var errors = new Queue<string>();
        while (await Next(lines, method, time, deadline.Token))
        {
            var output = lines.Current;
            await store.Write(write => channel.Took(write, output.Number), cancellation);
            await channel.Acknowledge(output.Number, cancellation);
            switch (output)
            {
                case ProcessOutput.Line line when Rpc.Parse(line.Text) is RpcMessage.Result result && result.Id == id.ToString():
                    return result;
                case ProcessOutput.Line line when Rpc.Parse(line.Text) is RpcMessage.Error error && error.Id == id.ToString():
                    return error;
                case ProcessOutput.ErrorLine error:
                    errors.Enqueue(error.Text);
                    if (errors.Count > 5) errors.Dequeue();
                    break;
                case ProcessOutput.Dropped gap:
                    errors.Enqueue($"({gap.Bytes} bytes of its output were left out.)");
                    break;
                case ProcessOutput.Exited exited:
                    throw new AgentException(Ended(exited.Code, errors));
            }
        }

        throw new AgentException($"The agent closed its output during {method}.");
    }

    internal static string Ended(int code, IEnumerable<string> errors)
    {
        var said = string.Join(" ", errors).Trim();
        var what = code == 127 ? "The agent's program was not found in the sandbox; run `./dev setup` to install it" : $"The agent ended unexpectedly with code {code}";
        return said.Length == 0 ? $"{what}." : $"{what}: {said}";
    }

    private static async Task<bool> Next(IAsyncEnumerator<ProcessOutput> lines, string method, TimeSpan time, CancellationToken late)
    {
        try
        {
            return await lines.MoveNextAsync();
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new AgentException($"The agent did not answer {method} within {time.TotalSeconds:0} seconds.");
        }
    }

    private sealed record Dialogue(AgentChannel Channel, IAsyncEnumerator<ProcessOutput> Lines, CancellationTokenSource Deadline);
}

/// <summary>Which agent is to be started.</summary>
internal sealed record AgentOrder(string Agent, string? Model)
{
    /// <summary>A process of it that ran before in this sandbox.</summary>
    public string? EarlierProcess { get; init; }

    /// <summary>The conversation it is to take up; null for a new one.</summary>
    public AgentPast? Past { get; init; }
}

/// <param name="Prompt">For which it is taken up.</param>
/// <param name="AgentSession">The agent's own id.</param>
internal sealed record AgentPast(SessionId Session, PromptId Prompt, string AgentSession);
