namespace Bots.Bench.Report;

/// <summary>Times in milliseconds, sorted.</summary>
public sealed class Sample
{
    private readonly double[] _sorted;

    public Sample(IEnumerable<double> milliseconds)
    {
        _sorted = [.. milliseconds.Order()];
        if (_sorted.Length == 0) throw new InvalidOperationException("Nothing was measured.");
    }

    public int Count => _sorted.Length;

    public double Median => At(50);

    public double P95 => At(95);

    public double P99 => At(99);

    public double Max => _sorted[^1];

    /// <summary>The nearest rank.</summary>
    public double At(double percent) => _sorted[Math.Max((int)Math.Ceiling(percent / 100 * _sorted.Length) - 1, 0)];

    public static string Text(double milliseconds) => milliseconds < 10 ? $"{milliseconds:0.00}" : $"{milliseconds:0}";

    /// <summary><c>p50 1.20 · p95 2.00 · p99 3.10 · max 9.00 ms</c>.</summary>
    public string Spread => $"p50 {Text(Median)} · p95 {Text(P95)} · p99 {Text(P99)} · max {Text(Max)} ms";

    public string Middle => $"median {Text(Median)} · p95 {Text(P95)} ms";
}
