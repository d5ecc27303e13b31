using Bots.Engine.Surfaces;
using Bots.Slack.Wire;

namespace Bots.Slack;

/// <summary>Reads threads and channels page after page in the background: slowly, and with patience when Slack limits the rate.</summary>
internal sealed partial class SlackPages(TimeProvider time, ILogger logger, CancellationToken cancellation)
{
    private const int MostAttempts = 5;

    /// <summary>Fifty calls a minute are allowed; people who wait for an answer need some of them.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    /// <summary>Whoever asks to be left alone for longer is asked again by the next look.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private bool _hasAsked;

    /// <summary>All messages of a place; what came before the end, if it is gone or not ours to read.</summary>
    /// <param name="ask">Asks for the page of a cursor.</param>
    /// <exception cref="SurfaceException">Slack did not answer, however often it was asked.</exception>
    public async Task<List<SlackThreadMessage>> All(Func<string?, Task<MessagesResponse>> ask)
    {
        var messages = new List<SlackThreadMessage>();
        string? cursor = null;
        do
        {
            if (await Page(() => ask(cursor)) is not { } page) break;
            messages.AddRange(page.Messages ?? []);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return messages;
    }

    /// <returns>Null when the place is gone, or not ours to read.</returns>
    private async Task<MessagesResponse?> Page(Func<Task<MessagesResponse>> ask)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_hasAsked) await Task.Delay(Pace, time, cancellation);
            _hasAsked = true;
            try
            {
                return await ask();
            }
            catch (SurfaceException e) when (e.IsFinal)
            {
                LogPassedOver(logger, e.Message);
                return null;
            }
            catch (SurfaceException e) when (e.RetryAfter is { } pause && pause <= LongestPause && attempt < MostAttempts)
            {
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A thread or channel could not be looked through for missed messages: {Why}")]
    private static partial void LogPassedOver(ILogger logger, string why);
}
