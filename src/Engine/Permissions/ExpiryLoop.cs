using Bots.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Permissions;

/// <summary>Denies permission requests that nobody answered in time.</summary>
public sealed class ExpiryLoop(IStore store, PermissionStore permissions, TimeProvider clock, ILogger<ExpiryLoop> logger) : Background(clock, logger)
{
    private readonly TimeProvider _clock = clock;

    protected override Signal? Wake => permissions.Asked;

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        await permissions.Expire(store);
        var wait = store.Read(PermissionStore.NextExpiry) - _clock.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
