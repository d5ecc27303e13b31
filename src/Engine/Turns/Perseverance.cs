using Bots.Engine.Forges;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Turns;

/// <summary>Does a step of a turn again while what is in its way may pass by itself: the forge is down for a moment, or asks to wait. People see that it waits.</summary>
internal sealed partial class Perseverance(SessionLog log, TimeProvider clock, ILogger<Perseverance> logger)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>How long a forge that does not answer is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Nobody waits longer than this, whatever the forge asks.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(65);

    /// <param name="step">Must be harmless to repeat, wherever it stopped.</param>
    /// <param name="cancellation">Ends the waiting. What the step itself is to be ended by is its own affair.</param>
    /// <exception cref="ForgeException">It does not pass.</exception>
    /// <exception cref="TurnException">As above.</exception>
    public async Task<T> Do<T>(PromptRow prompt, Func<Task<T>> step, CancellationToken cancellation)
    {
        var (pause, waited) = (First, TimeSpan.Zero);
        while (true)
        {
            TimeSpan time;
            try
            {
                return await step();
            }
            catch (Exception e) when (Pause(e, pause, waited) is { } passing)
            {
                time = passing;
                Waiting(logger, prompt.Id, passing.TotalSeconds, e);
            }

            await log.Append(prompt.SessionId, new SessionEvent.StageChanged(prompt.Id, $"waiting {time.TotalSeconds:0} s for the forge"));
            await Task.Delay(time, clock, cancellation);
            (pause, waited) = (pause * 2, waited + time);
        }
    }

    /// <summary>How long to wait before the next attempt; null when there should be none.</summary>
    /// <param name="waited">For how long that was done already.</param>
    internal static TimeSpan? Pause(Exception failure, TimeSpan pause, TimeSpan waited) => failure switch
    {
        ForgeException { RetryAfter: { } asked } => waited + asked <= LongestAsked ? asked : null,
        ForgeException { Transient: true } or TurnException { Transient: true } when waited < Patience => pause < Longest ? pause : Longest,
        _ => null,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A step of {Prompt} failed; it is done again in {Seconds:0.#} s")]
    private static partial void Waiting(ILogger logger, PromptId prompt, double seconds, Exception e);
}
