using Bots.Engine.Storage;

namespace Bots.Engine.Audit;

/// <summary>Records what happens outside of any other write: what goes through the gateway.</summary>
public interface IAuditTrail
{
    /// <returns>Once it is on disk.</returns>
    Task Append(AuditEntry entry, CancellationToken cancellation);
}

internal sealed class AuditTrail(IStore store) : IAuditTrail
{
    public Task Append(AuditEntry entry, CancellationToken cancellation) => store.Write(write => AuditLog.Append(write, entry), cancellation);
}
