using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bots.Engine.Telemetry;

/// <summary>The spans of the turns that run now, for what is done on their behalf from elsewhere: the gateway knows a session and no more.</summary>
public sealed class TurnTraces
{
    private readonly ConcurrentDictionary<SessionId, Activity> _running = new();

    /// <summary>The traceparent of a session's running turn; null when none runs, or nobody traces.</summary>
    public string? Of(SessionId session) => _running.GetValueOrDefault(session)?.Id;

    /// <summary>Until it is disposed, the turn of a session is under this span.</summary>
    internal Running Begin(SessionId session, Activity? span)
    {
        if (span is not null) _running[session] = span;
        return new Running(this, session, span);
    }

    internal readonly struct Running(TurnTraces traces, SessionId session, Activity? span) : IDisposable
    {
        public void Dispose()
        {
            if (span is not null) traces._running.TryRemove(KeyValuePair.Create(session, span));
        }
    }
}
