namespace Bots.Bench.Ack;

/// <summary>Looks for the longest time between two acknowledgements, whoever got them.</summary>
internal sealed class Pauses(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _last;
    private TimeSpan _longest;

    /// <summary>In milliseconds. What comes before the first acknowledgement, such as connecting, does not count.</summary>
    public double Longest => _longest.TotalMilliseconds;

    public void Acknowledged()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_last != 0 && time.GetElapsedTime(_last, now) is var pause && pause > _longest) _longest = pause;
            _last = now;
        }
    }
}
