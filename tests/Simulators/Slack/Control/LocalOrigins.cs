using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Slack.Control;

/// <summary>Lets pages from this machine in, and no others: a website must not drive the playground of somebody who visits it.</summary>
internal static class LocalOrigins
{
    public static Task Guard(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/_sim") || context.Request.Headers.Origin.ToString() is not { Length: > 0 } origin)
            return next(context);
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || !uri.IsLoopback)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.AccessControlAllowHeaders = "content-type";
        context.Response.Headers.AccessControlAllowMethods = "GET, POST";
        context.Response.Headers.Vary = "Origin";
        if (!HttpMethods.IsOptions(context.Request.Method))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
