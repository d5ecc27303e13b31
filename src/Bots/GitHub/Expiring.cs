namespace Bots.GitHub;

/// <summary>Values that hold for a while. Whoever asks first makes one; whoever asks meanwhile waits for the same. Failures are not kept.</summary>
public sealed class Expiring<TKey, TValue>(TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Flight> _flights = [];

    /// <param name="make">Makes the value and says until when it holds. Runs to its end even when the caller gives up, since others may wait for it.</param>
    public Task<TValue> Get(TKey key, Func<Task<(TValue Value, DateTimeOffset Until)>> make, CancellationToken cancellation)
    {
        Flight flight;
        lock (_gate)
        {
            if (!_flights.TryGetValue(key, out flight!) || flight.IsSpent(time.GetUtcNow()))
                _flights[key] = flight = new Flight(make);
        }

        return flight.Value.WaitAsync(cancellation);
    }

    public void Forget(TKey key)
    {
        lock (_gate) _flights.Remove(key);
    }

    private sealed class Flight
    {
        private DateTimeOffset _until;

        public Flight(Func<Task<(TValue Value, DateTimeOffset Until)>> make) => Value = Land(make);

        public Task<TValue> Value { get; }

        public bool IsSpent(DateTimeOffset now) => Value.IsCompleted && (!Value.IsCompletedSuccessfully || _until <= now);

        private async Task<TValue> Land(Func<Task<(TValue Value, DateTimeOffset Until)>> make)
        {
            (var value, _until) = await make();
            return value;
        }
    }
}
