using Bots.Engine.Intake;
using Bots.Engine.Storage;
using Bots.Missed;

namespace Bots.GitHub;

/// <summary>
/// Lets GitHub send again what it could not deliver. It tries each delivery once and keeps a list of them for three days; a delivery
/// that is sent again has its old id, so that one we have is dropped like any other.
/// </summary>
internal sealed partial class GitHubMissed(GitHubClient client, IStore store, TimeProvider time, ILogger<GitHubMissed> logger) : IMissedDeliveries
{
    /// <summary>GitHub asks for a second between calls that change something.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Our clock and GitHub's differ by less.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromDays(1);

    public string Surface => GitHubSurface.SurfaceName;

    public async Task<int> TakeIn(DateTimeOffset since, CancellationToken cancellation)
    {
        try
        {
            var failed = Taken(await Failed(since, cancellation));
            if (failed.Count == 0) return 0;
            var stored = store.Read(db => InboxEntry.Stored(db, Surface, failed.Select(a => a.Guid), since - Doubt));
            var missed = failed.Where(a => !stored.Contains(a.Guid)).ToList();
            for (var i = 0; i < missed.Count; i++)
            {
                if (i > 0) await Task.Delay(Pace, time, cancellation);
                var asked = await client.Redeliver(missed[i].Id, cancellation);
                LogAsked(logger, missed[i].Event, missed[i].Action, missed[i].Guid, missed[i].DeliveredAt, asked);
            }

            return missed.Count;
        }
        catch (GitHubException e)
        {
            throw e.ToSurface();
        }
    }

    /// <summary>One attempt of each delivery we would have stored, in the order in which they happened. Pure.</summary>
    /// <param name="failed">Failed attempts, newest first.</param>
    internal static IReadOnlyList<GitHubAttempt> Taken(IEnumerable<GitHubAttempt> failed) =>
        [.. failed.Where(a => GitHubEndpoints.IsTaken(a.Event, a.Action)).DistinctBy(a => a.Guid).Reverse()];

    private async Task<List<GitHubAttempt>> Failed(DateTimeOffset since, CancellationToken cancellation)
    {
        var failed = new List<GitHubAttempt>();
        await foreach (var attempt in client.FailedDeliveries(cancellation))
        {
            if (attempt.DeliveredAt < since) break;
            failed.Add(attempt);
        }

        return failed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "GitHub could not deliver {Event}.{Action} ({Delivery}) at {At}; asked to send it again, taken: {Asked}")]
    private static partial void LogAsked(ILogger logger, string @event, string? action, string delivery, DateTimeOffset at, bool asked);
}
