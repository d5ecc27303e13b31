namespace Bots.Faults.Judge;

/// <summary>A promise that was broken.</summary>
/// <param name="About">What the timeline is searched for.</param>
public sealed record Violation(string What, params IReadOnlyList<string> About);
