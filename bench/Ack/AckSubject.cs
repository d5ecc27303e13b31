namespace Bots.Bench.Ack;

/// <summary>One kind of delivery that is measured.</summary>
/// <param name="Next">Makes and signs so many new ones.</param>
/// <param name="Peak">How many are sent as fast as they are acknowledged.</param>
/// <param name="P99">What is promised at the rate offered, in milliseconds.</param>
public sealed record AckSubject(string What, string Path, Func<int, IReadOnlyList<SignedRequest>> Next, int Peak, double P99);
