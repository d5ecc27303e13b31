namespace Bots.Telemetry;

/// <summary>Lets one line in ten seconds into the log, and counts the rest: for what anybody can bring about as often as they like.</summary>
internal sealed class LogPace(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _admitted;
    private int _unsaid;

    /// <param name="unsaid">How many were not admitted since the last one that was.</param>
    public bool Admits(out int unsaid)
    {
        lock (_lock)
        {
            unsaid = _unsaid;
            if (_admitted is { } last && time.GetElapsedTime(last) < Every)
            {
                _unsaid++;
                return false;
            }

            (_admitted, _unsaid) = (time.GetTimestamp(), 0);
            return true;
        }
    }
}
