using System.Collections.Concurrent;
using Bots.Simulators.GitHub.State;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Remembers every call of the API and of git.</summary>
internal sealed class CallLog(World world)
{
    public const string ApiBase = "/api/v3";

    private static readonly string[] GitTails = ["/info/refs", "/git-upload-pack", "/git-receive-pack"];

    private readonly ConcurrentQueue<ApiCall> _calls = [];

    public IReadOnlyList<ApiCall> Calls => [.. _calls];

    /// <summary>The path a call is known by; null for what is neither API nor git.</summary>
    public static string? PathOf(HttpContext http)
    {
        if (http.Request.Path.StartsWithSegments(ApiBase, out var rest)) return rest.HasValue ? rest.Value : "/";
        var path = http.Request.Path.Value ?? "";
        return GitTails.Any(tail => path.EndsWith(tail, StringComparison.Ordinal)) ? path : null;
    }

    public async Task Invoke(HttpContext http, RequestDelegate next)
    {
        if (PathOf(http) is not { } path)
        {
            await next(http);
            return;
        }

        var body = http.Request.Path.StartsWithSegments(ApiBase) ? await new StreamReader(http.Request.Body).ReadToEndAsync() : null;
        http.Items[typeof(CallLog)] = new Notes { Body = body ?? "" };
        try
        {
            await next(http);
        }
        finally
        {
            var status = http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted ? 0 : http.Response.StatusCode;
            _calls.Enqueue(new ApiCall(
                world.Options.Time.GetUtcNow(),
                http.Request.Method,
                path,
                http.Request.QueryString.Value ?? "",
                string.IsNullOrEmpty(body) ? null : body,
                NotesOf(http).Caller.Key,
                status));
            world.Changed.Raise();
        }
    }

    public static Notes NotesOf(HttpContext http) => (Notes)http.Items[typeof(CallLog)]!;

    /// <summary>What is learned of a call on its way.</summary>
    internal sealed class Notes
    {
        public required string Body { get; init; }

        public Caller Caller { get; set; } = Caller.None;
    }
}
