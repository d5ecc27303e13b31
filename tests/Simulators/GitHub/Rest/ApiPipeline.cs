using System.Security.Cryptography;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>What every call of the API goes through: headers, credentials, limits, permissions, errors, ETag.</summary>
internal sealed class ApiPipeline(World world, Authentication authentication, RateLimits limits)
{
    private const string UserAgentRequired =
        "Request forbidden by administrative rules. Please make sure your request has a User-Agent header "
        + "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). "
        + "Check https://developer.github.com for other possible causes.\n";

    private static readonly string[] Versions = ["2022-11-28", "2026-03-10"];

    public async Task Invoke(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments(CallLog.ApiBase))
        {
            await next(http);
            return;
        }

        if (string.IsNullOrWhiteSpace(http.Request.Headers.UserAgent))
        {
            await Answer.Text(http, UserAgentRequired, "text/plain", StatusCodes.Status403Forbidden);
            return;
        }

        var original = http.Response.Body;
        using var buffer = new MemoryStream();
        http.Response.Body = buffer;
        try
        {
            await Handle(http, next);
        }
        finally
        {
            http.Response.Body = original;
        }

        await Send(http, buffer);
    }

    private async Task Handle(HttpContext http, RequestDelegate next)
    {
        var notes = CallLog.NotesOf(http);
        try
        {
            CheckHeaders(http);
            notes.Caller = authentication.ByHeader(http.Request.Headers.Authorization.ToString());
            limits.Count(http, notes.Caller);
            var call = new Call(http, world, notes.Caller, notes.Body);
            http.Items[typeof(Call)] = call;
            Gatekeeper.Admit(call, world, limits);
            await next(http);
        }
        catch (ApiException error)
        {
            if (error.RetryAfter is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString();
            await Answer.Ok(http, error.Body(), error.Status);
        }
    }

    private static void CheckHeaders(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers["x-github-request-id"] = RandomNumberGenerator.GetHexString(16);
        headers["x-github-media-type"] = "github.v3; format=json";
        var version = http.Request.Headers["X-GitHub-Api-Version"].ToString();
        if (version.Length > 0 && !Versions.Contains(version))
            throw new ApiException(400, $"\"{version}\" is not a supported version. Supported versions are: {string.Join(", ", Versions.Select(v => $"\"{v}\""))}.");
        headers["x-github-api-version-selected"] = version.Length > 0 ? version : Versions[0];
        var accept = http.Request.Headers.Accept.ToString();
        if (accept.Length > 0 && !accept.Split(',').Any(Acceptable))
            throw new ApiException(415, $"Unsupported 'Accept' header: '{accept}'. Must accept 'application/json'.");
    }

    private static bool Acceptable(string type) => type.Split(';')[0].Trim() is var plain
        && (plain is "*/*" or "application/*" or "application/json" || plain.StartsWith("application/vnd.github", StringComparison.Ordinal));

    private async Task Send(HttpContext http, MemoryStream buffer)
    {
        var response = http.Response;
        if (HttpMethods.IsGet(http.Request.Method) && response.StatusCode == StatusCodes.Status200OK)
        {
            response.Headers.ETag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray()))}\"";
            response.Headers.Vary = "Accept, Authorization, Cookie";
            response.Headers.CacheControl = "private, max-age=60, s-maxage=60";
            if (http.Request.Headers.IfNoneMatch.ToString().Split(',').Any(tag => Strong(tag) == Strong(response.Headers.ETag!)))
            {
                limits.Refund(CallLog.NotesOf(http).Caller);
                response.StatusCode = StatusCodes.Status304NotModified;
                response.Headers.ContentType = default;
                return;
            }
        }

        if (buffer.Length == 0) return;
        response.ContentLength = buffer.Length;
        await response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted);
    }

    private static string Strong(string tag) => tag.Trim().Replace("W/", "", StringComparison.Ordinal);
}
