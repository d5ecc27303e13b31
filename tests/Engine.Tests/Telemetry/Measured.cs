using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Bots.Engine.Tests.World;
using Microsoft.Extensions.DependencyInjection;

namespace Bots.Engine.Tests.Telemetry;

/// <summary>What one engine measures. Listening is process-wide, so other engines' meters are left out.</summary>
internal sealed class Measured : IDisposable
{
    private readonly Pulse _pulse = new();
    private readonly MeterListener _listener = new();
    private ImmutableList<Measure> _measures = [];

    public Measured(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public ImmutableList<Measure> All => Volatile.Read(ref _measures);

    public IReadOnlyList<Measure> Of(string name) => [.. All.Where(m => m.Name == name)];

    /// <summary>Waits until something has been measured so often.</summary>
    public async Task<IReadOnlyList<Measure>> Until(string name, int count = 1)
    {
        await _pulse.Until(() => Of(name).Count >= count, $"{name} measured {count} times");
        return Of(name);
    }

    /// <summary>What is looked up, looked up now.</summary>
    public IReadOnlyList<Measure> Now(string name)
    {
        var before = Of(name).Count;
        _listener.RecordObservableInstruments();
        return [.. Of(name).Skip(before)];
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var measure = new Measure(instrument.Name, value, string.Join(' ', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}")));
        ImmutableInterlocked.Update(ref _measures, all => all.Add(measure));
        _pulse.Beat();
    }
}

/// <param name="Tags">In the order of their keys: <c>key=value key=value</c>.</param>
internal sealed record Measure(string Name, double Value, string Tags);
