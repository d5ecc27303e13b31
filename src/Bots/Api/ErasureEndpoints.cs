using Bots.Engine.Retention;
using Bots.Engine.Storage;

namespace Bots.Api;

internal static class ErasureEndpoints
{
    /// <summary>Erases what one person said. May be repeated.</summary>
    public static async Task<IResult> Erase(ErasureRequest request, Eraser eraser, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Surface) || string.IsNullOrWhiteSpace(request.Id))
            return TypedResults.Problem("surface (slack, github) and id (of the person, as that surface knows it) are needed.", statusCode: StatusCodes.Status400BadRequest);
        return await eraser.Erase(request.Surface.Trim(), request.Id.Trim(), cancellation) is { } erased
            ? TypedResults.Json(erased, EngineJson.Options)
            : TypedResults.Problem("A request of this person waits or runs, and its words are needed. Stop it, or let it end; then ask again.", statusCode: StatusCodes.Status409Conflict);
    }
}

/// <param name="Surface"><c>slack</c> or <c>github</c>.</param>
/// <param name="Id">Slack: the user's id; GitHub: the login.</param>
internal sealed record ErasureRequest(string? Surface, string? Id);
