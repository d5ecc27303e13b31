using Bots.Sandbox;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Bots.Gateway;

/// <summary>How many model calls may be under way, and how much memory their bodies may take.</summary>
internal sealed class ModelRooms(TimeProvider time)
{
    public const int MostRequestBytes = 64 * 1024 * 1024;

    /// <summary>Of one sandbox: far more than an agent with its helpers makes.</summary>
    public const int MostCalls = 16;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A body that comes more slowly holds its memory for too long.</summary>
    private static readonly MinDataRate Rate = new(bytesPerSecond: 256 * 1024, gracePeriod: TimeSpan.FromSeconds(15));

    private readonly SharedRoom _calls = new(1024, MostCalls, Patience, time);
    private readonly SharedRoom _bodies = new(4L * MostRequestBytes, 2L * MostRequestBytes, Patience, time);

    /// <summary>Takes a place for one call, and the memory its body says it needs.</summary>
    /// <returns>Null when there was none in time.</returns>
    public async Task<Place?> Enter(HttpContext context, SandboxId sandbox, bool hasBody)
    {
        if (await _calls.Take(sandbox, 1, context.RequestAborted) is not { } call) return null;
        if (!hasBody) return new Place(call, null);
        try
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostRequestBytes;
            if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = Rate;
            // A longer one is refused as soon as it is read.
            var body = await _bodies.Take(sandbox, Math.Min(context.Request.ContentLength ?? MostRequestBytes, MostRequestBytes), context.RequestAborted);
            if (body is not null) return new Place(call, body);
        }
        catch
        {
            call.Dispose();
            throw;
        }

        call.Dispose();
        return null;
    }

    /// <summary>A call's place, until it is disposed.</summary>
    internal sealed class Place(SharedRoom.Share call, SharedRoom.Share? body) : IDisposable
    {
        /// <summary>The body turned out to be this long.</summary>
        public void Keep(long bytes) => body?.Shrink(bytes);

        public void Dispose()
        {
            body?.Dispose();
            call.Dispose();
        }
    }
}
