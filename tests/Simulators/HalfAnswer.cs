using Microsoft.AspNetCore.Http;

namespace Bots.Simulators;

/// <summary>An answer that breaks off.</summary>
internal static class HalfAnswer
{
    /// <summary>Sends the head, which promises the whole body, and half of that; then the connection is reset.</summary>
    public static async Task Send(HttpContext http, byte[] body)
    {
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        http.Abort();
    }
}
