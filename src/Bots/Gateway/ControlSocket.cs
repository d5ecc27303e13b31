using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace Bots.Gateway;

/// <summary>
/// Keeps the control socket and the public port apart: what is marked <see cref="ControlSocketOnly{T}"/> answers 404 on
/// any other endpoint, and everything else answers 404 on the control socket.
/// </summary>
public static class ControlSocket
{
    /// <summary>Marks endpoints that sandboxes may reach, and nobody else.</summary>
    public static T ControlSocketOnly<T>(this T endpoints)
        where T : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint => endpoint.Metadata.Add(Mark.Instance));
        return endpoints;
    }

    /// <summary>Enforces the separation. To be used after routing and before anything that answers by itself, such as static files.</summary>
    public static IApplicationBuilder UseControlSocket(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (IsMarked(context.GetEndpoint()) == Carries(context)) return next(context);
        context.SetEndpoint(null);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>True for what only sandboxes may reach.</summary>
    public static bool IsMarked(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<Mark>() is not null;

    /// <summary>True when the request came in over a Unix socket, also when its caller has hung up meanwhile.</summary>
    public static bool Carries(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.AddressFamily == AddressFamily.Unix;

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
