using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Bots.Engine.Telemetry;

namespace Bots.Tests.Telemetry;

/// <summary>What one set of services measures, as <c>name value key=value …</c>. Listening is process-wide, so others' meters are left out.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private ImmutableList<string> _all = [];

    public Measured(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == Spans.Name) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            var measure = string.Join(' ', [instrument.Name, $"{value}", .. tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}")]);
            ImmutableInterlocked.Update(ref _all, all => all.Add(measure));
        });
        _listener.Start();
    }

    public IReadOnlyList<string> All => Volatile.Read(ref _all);

    public void Dispose() => _listener.Dispose();
}
