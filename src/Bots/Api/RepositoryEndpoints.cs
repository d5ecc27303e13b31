using Bots.Engine;
using Bots.Engine.Forges;
using Bots.Engine.Sandboxes;

namespace Bots.Api;

internal static class RepositoryEndpoints
{
    /// <summary>Says that somebody is about to ask for something in this repository: a sandbox is made ready.</summary>
    public static async Task<IResult> Warm(string owner, string name, IForge forge, IWarmPool pool, CancellationToken cancellation)
    {
        var known = (await forge.Repositories(cancellation)).FirstOrDefault(r => RepositoryName.TryParse($"{owner}/{name}", out var asked) && r.Name.Equals(asked));
        if (known is null) return TypedResults.Problem($"There is no repository {owner}/{name} here.", statusCode: StatusCodes.Status404NotFound);
        pool.Hint(known.Name);
        return TypedResults.Accepted((string?)null);
    }
}
