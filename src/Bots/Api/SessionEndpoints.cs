using System.Text.Json;
using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Api;

internal static class SessionEndpoints
{
    private const int MostSessions = 200;

    /// <summary>The sessions that were last active, newest first. <c>limit</c>: 1 to 200.</summary>
    public static IResult List(IStore store, int limit = 50) => limit is < 1 or > MostSessions
        ? TypedResults.Problem($"limit must be 1 to {MostSessions}.", statusCode: StatusCodes.Status400BadRequest)
        : TypedResults.Json(store.Read(db => SessionStore.Recent(db, limit)), EngineJson.Options);

    /// <summary>One session as its log tells it.</summary>
    public static IResult Get(string id, IStore store, SessionLog log) => Exists(store, id)
        ? TypedResults.Json(log.View(new SessionId(id)), EngineJson.Options)
        : Missing(id);

    /// <summary>
    /// The log, from after <c>Last-Event-ID</c> (or <c>?after=</c>): as a JSON array, or with
    /// <c>Accept: text/event-stream</c> as an endless stream.
    /// </summary>
    public static async Task Events(HttpContext context, string id, IStore store, SessionLog log, long after = 0)
    {
        if (!Exists(store, id))
        {
            await Missing(id).ExecuteAsync(context);
            return;
        }

        if (long.TryParse(context.Request.Headers["Last-Event-ID"], out var last)) after = last;
        if (context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            await Stream(context, log.Follow(new SessionId(id), after, context.RequestAborted));
        }
        else
        {
            await TypedResults.Json(log.Read(new SessionId(id), after), EngineJson.Options).ExecuteAsync(context);
        }
    }

    private static async Task Stream(HttpContext context, IAsyncEnumerable<LoggedEvent> events)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.Body.FlushAsync(context.RequestAborted);
        try
        {
            await foreach (var logged in events)
            {
                await context.Response.WriteAsync($"id: {logged.Sequence}\ndata: {JsonSerializer.Serialize(logged, EngineJson.Options)}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
    }

    private static bool Exists(IStore store, string id) => store.Read(db => SessionStore.Get(db, new SessionId(id))) is not null;

    private static IResult Missing(string id) => TypedResults.Problem($"There is no session {id}.", statusCode: StatusCodes.Status404NotFound);
}
