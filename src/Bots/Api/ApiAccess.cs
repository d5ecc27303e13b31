using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Bots.Api;

/// <summary>Lets callers in who hold the token; without one configured, callers on this machine that speak to it by a local name.</summary>
internal sealed class ApiAccess(ApiOptions options) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        IsAllowed(context.HttpContext)
            ? await next(context)
            : TypedResults.Problem(options.Token is null
                ? "Without Api:Token the API answers callers on this machine only. Set Api:Token and send it as a bearer token."
                : "Send the token of Api:Token as 'Authorization: Bearer …'.", statusCode: StatusCodes.Status401Unauthorized);

    private bool IsAllowed(HttpContext context)
    {
        if (options.Token is { } token)
        {
            var header = context.Request.Headers.Authorization.ToString();
            return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()), Encoding.UTF8.GetBytes(token.Trim()));
        }

        // A page on another site can make a browser on this machine call us, but not with a local Host header and no Origin of its own.
        // A proxy in front makes every caller look local; it announces itself.
        var request = context.Request;
        return context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && request.Host.Host is ("127.0.0.1" or "localhost" or "[::1]")
            && !request.Headers.ContainsKey("X-Forwarded-For") && !request.Headers.ContainsKey("Forwarded");
    }
}
