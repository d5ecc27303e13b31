using System.Text;
using System.Text.Json.Nodes;
using Bots.Sandbox.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bots.Sandbox.Sidecars;

public static class SidecarEndpoints
{
    const string Scheme = "Bearer ";

    /// <summary>Maps where sidecars register and connect. For the control socket only: restrict the group that is returned to it.</summary>
    public static RouteGroupBuilder MapSidecars(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("");
        group.MapPost(Protocol.RegisterPath, Register);
        group.MapGet(Protocol.ConnectPath, endpoints.CreateApplicationBuilder()
            .UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero })
            .Use(_ => Connect)
            .Build());
        return group;
    }

    static async Task Register(HttpContext context)
    {
        var hub = context.RequestServices.GetRequiredService<SidecarHub>();
        if (Token(context) is not { } token || await hub.Register(token, context.RequestAborted) is not { } linkToken)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        // The length is given because the sidecar reads no chunks.
        var body = Encoding.UTF8.GetBytes(new JsonObject
        {
            [Protocol.LinkTokenProperty] = linkToken,
            [Protocol.SessionTokenProperty] = SidecarTokens.SessionOf(linkToken),
        }.ToJsonString());
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    static async Task Connect(HttpContext context)
    {
        var hub = context.RequestServices.GetRequiredService<SidecarHub>();
        if (Token(context) is not { } token || await hub.AuthenticateLink(token, context.RequestAborted) is not { } sandbox)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        // A stopping host would otherwise wait for sidecars, and they never hang up.
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await hub.Serve(sandbox, socket, over.Token);
    }

    static string? Token(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && header.Length > Scheme.Length ? header[Scheme.Length..] : null;
    }
}
