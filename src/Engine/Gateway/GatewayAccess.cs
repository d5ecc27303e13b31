using Bots.Engine.Audit;
using Bots.Engine.Models;
using Bots.Engine.Prompts;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Gateway;

internal sealed class GatewayAccess(IStore store, SandboxStore sandboxes, SessionLog log, PriceTable prices, TimeProvider clock) : IGatewayAccess
{
    public async Task<GatewayCaller?> Authenticate(string sessionToken, CancellationToken cancellation)
    {
        if (await sandboxes.Find(SidecarTokens.Hash(sessionToken), cancellation) is not { } sandbox) return null;
        return store.Read(db =>
        {
            if (SandboxStore.Get(db, sandbox) is not { } row) return null;
            if (row.SessionId is not { } session) return new GatewayCaller(sandbox, null, row.Repository, null);
            return SessionStore.Get(db, session)?.Target is { Branch: { } branch } target ? new GatewayCaller(sandbox, session, target.Repository, branch) : null;
        });
    }

    public Task RecordUsage(SessionId session, string provider, string model, TokenUsage usage, CancellationToken cancellation) =>
        store.Write(write =>
        {
            var (prompt, name) = (PromptStore.RunningIn(write.Db, session)?.Id, $"{provider}/{model}");
            log.Append(write, session, new SessionEvent.UsageRecorded(prompt, name, usage, prices.Cost(provider, model, usage)));
            if (prompt is { } running) ModelTotals.Add(write, running, name, usage);
            else AuditLog.Append(write, AuditEntry.StrayModelCall(clock.GetUtcNow(), session, name, usage));
        }, cancellation);
}
