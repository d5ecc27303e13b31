using Bots.Engine.Forges;
using Bots.Engine.Surfaces;

namespace Bots.Engine.Intake;

/// <summary>Deliveries that wait because somebody limits how often it may be asked. Pure.</summary>
internal static class Deferral
{
    /// <summary>Whoever waits for longer is told.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    /// <summary>A delivery that waited for this long is treated as one that cannot be taken in.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How long to wait; null when the failure is none of that kind.</summary>
    public static TimeSpan? Of(Exception failure, DateTimeOffset received, DateTimeOffset now) => failure switch
    {
        _ when now - received > Longest => null,
        SurfaceException { IsLimit: true, RetryAfter: { } pause } => Shorter(pause, Longest),
        ForgeException { Transient: true, RetryAfter: { } pause } => Shorter(pause, Longest),
        _ => null,
    };

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    public static string Text(DateTimeOffset until) =>
        $"I am asked to wait before I may look up what I need for this. I have kept your message and take it up by myself, from {until.UtcDateTime:HH:mm} UTC on.";
}
