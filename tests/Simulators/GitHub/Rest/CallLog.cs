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

        var notes = new Notes { Body = http.Request.Path.StartsWithSegments(ApiBase) ? await new StreamReader(http.Request.Body).ReadToEndAsync() : "" };
        http.Items[typeof(CallLog)] = notes;

        // Before the answer leaves, so that who has the answer finds the call.
        http.Response.OnStarting(() =>
        {
            Record(http, path, notes);
            return Task.CompletedTask;
        });
        try
        {
            await next(http);
        }
        finally
        {
            Record(http, path, notes);
        }
    }

    public static Notes NotesOf(HttpContext http) => (Notes)http.Items[typeof(CallLog)]!;

    private void Record(HttpContext http, string path, Notes notes)
    {
        if (notes.Recorded) return;
        notes.Recorded = true;
        var request = http.Request;
        _calls.Enqueue(new ApiCall(
            world.Options.Time.GetUtcNow(),
            request.Method,
            path,
            request.QueryString.Value ?? "",
            notes.Body.Length == 0 ? null : notes.Body,
            notes.Caller.Key,
            notes.Dropped ? 0 : http.Response.StatusCode));
        world.Changed.Raise();
    }

    /// <summary>What is learned of a call on its way.</summary>
    internal sealed class Notes
    {
        public required string Body { get; init; }

        public Caller Caller { get; set; } = Caller.None;

        /// <summary>The connection was broken on purpose, so that no answer arrives.</summary>
        public bool Dropped { get; set; }

        public bool Recorded { get; set; }
    }
}
