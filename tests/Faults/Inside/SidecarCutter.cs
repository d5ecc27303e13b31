using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Bots.Faults.Inside;

/// <summary>Breaks the connections of sidecars, and nothing else.</summary>
internal sealed class SidecarCutter : IStartupFilter
{
    private readonly ConcurrentDictionary<HttpContext, bool> _open = new();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(Track);
        next(app);
    };

    public void CutAll()
    {
        foreach (var connection in _open.Keys) connection.Abort();
    }

    private async Task Track(HttpContext context, RequestDelegate next)
    {
        var isSidecar = context.Request.Path == "/sidecar/connect";
        if (isSidecar) _open[context] = true;
        try
        {
            await next(context);
        }
        finally
        {
            if (isSidecar) _open.TryRemove(context, out _);
        }
    }
}
