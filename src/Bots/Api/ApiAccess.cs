using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Bots.Api;

/// <summary>Lets callers in who hold the token; without one configured, callers on this machine that speak to it by a local name.</summary>
internal sealed class ApiAccess(ApiOptions options) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    private static readonly string[] Proxys = ["Forwarded", "Via", "X-Real-IP", "X-Original-Host", "CF-Connecting-IP", "True-Client-IP"];

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

        // A page on another site that made its name point here still shows that name as Host.
        // A proxy in front makes every caller look local; it announces itself, or speaks HTTP/1.0 as nginx does unless told otherwise.
        var request = context.Request;
        return context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && request.Host.Host is ("127.0.0.1" or "localhost" or "[::1]")
            && !HttpProtocol.IsHttp10(request.Protocol) && !request.Headers.Keys.Any(IsProxys);
    }

    private static bool IsProxys(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || Proxys.Contains(header, StringComparer.OrdinalIgnoreCase);
}
