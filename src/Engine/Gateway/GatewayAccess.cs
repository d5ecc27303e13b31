using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Gateway;

internal sealed class GatewayAccess(IStore store, SandboxStore sandboxes, UsageLedger ledger) : IGatewayAccess
{
    public async Task<GatewayCaller?> Authenticate(string sessionToken, CancellationToken cancellation)
    {
        if (await sandboxes.Find(SidecarTokens.Hash(sessionToken), cancellation) is not { } sandbox) return null;
        return store.Read(db =>
        {
            var session = SandboxStore.Get(db, sandbox)?.SessionId;
            var row = session is { } id ? SessionStore.Get(db, id) : null;
            return row?.Target is { Branch: { } branch } target ? new GatewayCaller(sandbox, row.Id, target.Repository, branch) : null;
        });
    }

    public Task RecordUsage(GatewayCaller caller, string provider, string model, TokenUsage usage, CancellationToken cancellation) =>
        store.Write(write => ledger.Book(write, caller, provider, model, usage), cancellation);
}
