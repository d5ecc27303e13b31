using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Bots.Gateway;

/// <summary>Large and slow bodies are what the gateway is for.</summary>
internal static class GatewayStreams
{
    private const int Room = 64 * 1024;

    internal delegate void Look(ReadOnlySpan<byte> bytes);

    internal delegate ValueTask Write(ReadOnlyMemory<byte> part);

    /// <param name="look">Sees every byte before the caller does.</param>
    /// <inheritdoc cref="Copy(HttpResponseMessage, Write, CancellationToken)"/>
    public static Task<long> Copy(HttpResponseMessage from, HttpContext to, Look? look)
    {
        return Copy(from, Write, to.RequestAborted);

        ValueTask Write(ReadOnlyMemory<byte> part)
        {
            look?.Invoke(part.Span);
            return to.Response.Body.WriteAsync(part, to.RequestAborted);
        }
    }

    /// <summary>Brings a response's body to the caller, whatever has come at once: nothing waits for more, and what came together goes on together.</summary>
    /// <param name="write">Takes the parts to the caller.</param>
    /// <returns>How many bytes were written.</returns>
    public static async Task<long> Copy(HttpResponseMessage from, Write write, CancellationToken cancellation)
    {
        await using var upstream = await from.Content.ReadAsStreamAsync(cancellation);
        // Not from a pool: when the caller goes, a read into it may still be on its way.
        var buffer = new byte[Room];
        var (sent, filled, total) = (0, 0, 0L);
        while (true)
        {
            if (sent == filled || filled == Room) (sent, filled) = (0, 0);
            var read = upstream.ReadAsync(buffer.AsMemory(filled), cancellation);
            // The read goes on meanwhile, into what is left of the room.
            if (!read.IsCompleted && filled > sent) await Send();
            var count = await read;
            filled += count;
            if (count == 0 || filled == Room) await Send();
            if (count == 0) return total;
        }

        async ValueTask Send()
        {
            var part = buffer.AsMemory(sent, filled - sent);
            if (part.IsEmpty) return;
            sent = filled;
            // Kestrel sends what is written without being asked to.
            await write(part);
            total += part.Length;
        }
    }

    /// <summary>Lets a request and its response be as large and as slow as they like.</summary>
    public static void Unlimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate) requestRate.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate) responseRate.MinDataRate = null;
    }
}
