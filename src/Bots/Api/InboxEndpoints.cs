using Bots.Engine.Intake;
using Bots.Engine.Storage;

namespace Bots.Api;

/// <summary>Deliveries that were not taken in. What they say is not shown.</summary>
internal static class InboxEndpoints
{
    private const int MostEntries = 200;

    /// <summary>Oldest first. <c>state</c>: parked or pending; <c>after</c>: the last id of the page before; <c>limit</c>: 1 to 200.</summary>
    public static IResult List(IStore store, string state = "parked", long after = 0, int limit = 50)
    {
        if (state is not ("parked" or "pending")) return Refused("state must be parked or pending.");
        if (limit is < 1 or > MostEntries) return Refused($"limit must be 1 to {MostEntries}.");
        return TypedResults.Json(store.Read(db => InboxEntry.In(db, state, after, limit)), EngineJson.Options);
    }

    /// <summary>Tries a parked delivery again, now that what stood in its way is mended.</summary>
    public static async Task<IResult> Retry(string id, Inbox inbox, CancellationToken cancellation)
    {
        var outcome = long.TryParse(id, out var number) ? await inbox.Retry(number, cancellation) : InboxRetry.Unknown;
        return outcome switch
        {
            InboxRetry.Begun => TypedResults.NoContent(),
            InboxRetry.NotParked => TypedResults.Problem($"Delivery {id} is not parked: it waits for its turn, or was taken in.", statusCode: StatusCodes.Status409Conflict),
            _ => TypedResults.Problem($"There is no delivery {id}.", statusCode: StatusCodes.Status404NotFound),
        };
    }

    private static IResult Refused(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status400BadRequest);
}
