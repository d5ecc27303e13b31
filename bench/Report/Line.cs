namespace Bots.Bench.Report;

/// <summary>One row of the result.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figure">The result with its unit.</param>
/// <param name="Target">What it is to be; empty where nothing is promised.</param>
/// <param name="Peer">What was measured beside it, and the ratio.</param>
/// <param name="Verdict">Null where there is no target.</param>
public sealed record Line(string What, string Figure, string Target = "", string Peer = "", bool? Verdict = null);
