using Bots.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Permissions;

/// <summary>Denies permission requests that nobody answered in time.</summary>
public sealed class ExpiryLoop(IStore store, PermissionStore permissions, TimeProvider clock, ILogger<ExpiryLoop> logger) : Background(clock, logger)
{
    private readonly TimeProvider _clock = clock;

    protected override async Task Round(CancellationToken stopping)
    {
        var next = store.Read(PermissionStore.NextExpiry);
        var wait = next - _clock.GetUtcNow();
        if (wait > TimeSpan.Zero || wait is null) await permissions.Asked.Wait(wait, _clock, stopping);
        await permissions.Expire(store);
    }
}
