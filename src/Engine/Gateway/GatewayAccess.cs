using Bots.Engine.Forges;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Gateway;

internal sealed class GatewayAccess(IStore store, SandboxStore sandboxes, UsageLedger ledger, IReadOnlyList<KnownRepository> configured) : IGatewayAccess
{
    public async Task<GatewayCaller?> Authenticate(string sessionToken, CancellationToken cancellation)
    {
        if (await sandboxes.Find(SidecarTokens.Hash(sessionToken), cancellation) is not { } sandbox) return null;
        return store.Read(db =>
        {
            if (SandboxStore.Get(db, sandbox) is not { } row) return null;
            if (row.SessionId is not { } session) return new GatewayCaller(sandbox, null, row.Repository, null) { Reads = Reads(row.Repository) };
            return SessionStore.Get(db, session)?.Target is { Branch: { } branch } target ? new GatewayCaller(sandbox, session, target.Repository, branch) { Reads = Reads(target.Repository) } : null;
        });
    }

    private IReadOnlyList<RepositoryName> Reads(RepositoryName repository) => configured.FirstOrDefault(known => known.Name.Equals(repository))?.Reads ?? [];

    public Task RecordUsage(SessionId session, string provider, string model, TokenUsage usage, CancellationToken cancellation) =>
        store.Write(write => ledger.Book(write, session, provider, model, usage), cancellation);
}
