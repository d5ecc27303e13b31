using System.Data;
using Bots.Engine.Storage;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;
using Dapper;

namespace Bots.Engine.Agents;

/// <summary>
/// The durable two-way line to one agent process. What we say is journalled in the write that decides it and sent afterwards;
/// what we hear is marked as taken in the write that records its effect. So a restart neither loses nor doubles a line.
/// </summary>
internal sealed class AgentChannel(IStore store, ISandboxConnection sandbox, string process)
{
    public ISandboxConnection Sandbox => sandbox;

    /// <summary>Journals a request.</summary>
    /// <returns>Its JSON-RPC id.</returns>
    public long Request(IWrite write, string method, System.Text.Json.Nodes.JsonNode parameters)
    {
        var id = write.Db.QuerySingle<long>(
            "UPDATE sandboxes SET next_request = next_request + 1 WHERE id = @id RETURNING next_request - 1", new { id = sandbox.Sandbox });
        Send(write, Rpc.Request(id, method, parameters));
        return id;
    }

    /// <summary>Journals a line. <see cref="Pump"/> sends it once the write is committed.</summary>
    public void Send(IWrite write, string line)
    {
        var number = write.Db.QuerySingle<long>(
            "UPDATE sandboxes SET last_input = last_input + 1 WHERE id = @id RETURNING last_input", new { id = sandbox.Sandbox });
        write.Db.Execute("INSERT INTO agent_inputs (sandbox_id, number, line) VALUES (@id, @number, @line)", new { id = sandbox.Sandbox, number, line });
    }

    /// <summary>Sends what is journalled, oldest first, and forgets it once the sidecar has it.</summary>
    public async Task Pump(CancellationToken cancellation)
    {
        var lines = store.Read(db => Journal(db, sandbox.Sandbox));
        if (lines.Count == 0) return;
        // To an agent that has ended nothing can be said; that it ended is heard as its last output.
        if (await sandbox.IsRunning(process, cancellation))
        {
            foreach (var (number, line) in lines) await sandbox.Write(process, number, line, cancellation);
        }

        await store.Write(write => write.Db.Execute(
            "DELETE FROM agent_inputs WHERE sandbox_id = @id AND number <= @last", new { id = sandbox.Sandbox, last = lines[^1].Number }), cancellation);
    }

    /// <summary>Output from where the last write left off.</summary>
    public IAsyncEnumerable<ProcessOutput> Read(CancellationToken cancellation) =>
        sandbox.Read(process, store.Read(db => db.QuerySingle<long>("SELECT last_output FROM sandboxes WHERE id = @id", new { id = sandbox.Sandbox })), cancellation);

    /// <summary>Marks output as taken, as a part of the write that records its effect; acknowledge it after the commit.</summary>
    public void Took(IWrite write, long number) =>
        write.Db.Execute("UPDATE sandboxes SET last_output = @number WHERE id = @id", new { id = sandbox.Sandbox, number });

    public Task Acknowledge(long number, CancellationToken cancellation) => sandbox.Acknowledge(process, number, cancellation);

    public Task Kill(CancellationToken cancellation) => sandbox.Kill(process, cancellation);

    private static List<(long Number, string Line)> Journal(IDbConnection db, SandboxId id) =>
        db.Query<(long, string)>("SELECT number, line FROM agent_inputs WHERE sandbox_id = @id ORDER BY number", new { id }).ToList();
}
