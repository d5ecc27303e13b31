using Bots.Faults.Judge;

namespace Bots.Faults;

/// <summary>What a run did and found.</summary>
public sealed record Report
{
    /// <summary>SIGKILLs of the service.</summary>
    public required int Kills { get; init; }

    /// <summary>Of those, the ones at a named point, or while something was seen to be written.</summary>
    public required int AtPoints { get; init; }

    /// <summary>The points it was killed at.</summary>
    public required IReadOnlyList<string> Points { get; init; }

    /// <summary>Those it was to be killed at, and never came to in time.</summary>
    public required IReadOnlyList<string> MissedPoints { get; init; }

    /// <summary>SIGTERMs.</summary>
    public required int Restarts { get; init; }

    /// <summary>All else that was broken.</summary>
    public required int Troubles { get; init; }

    public required int SandboxesKilled { get; init; }

    public required int Threads { get; init; }

    public required int Asked { get; init; }

    public required int Accepted { get; init; }

    /// <summary>Of those asked, the ones on pull requests.</summary>
    public required int Comments { get; init; }

    public required int Permissions { get; init; }

    public required int PullRequests { get; init; }

    /// <summary>Prompts that ended visibly without an answer, by cause.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    public required TimeSpan SlowestStart { get; init; }

    public required TimeSpan SlowestStop { get; init; }

    public required IReadOnlyList<Violation> Violations { get; init; }

    public void Write(TextWriter output, Arguments arguments)
    {
        output.WriteLine($"seed {arguments.Seed}, {arguments.Sandbox} sandboxes: {Kills} kills, {AtPoints} of them at {Points.Count} different points, {Restarts} restarts, {Troubles} other troubles, among them {SandboxesKilled} sandboxes killed");
        if (MissedPoints.Count > 0) output.WriteLine($"  points not reached in time: {string.Join(", ", MissedPoints)}");
        output.WriteLine($"{Accepted} of {Asked} prompts accepted in {Threads} threads, {Comments} of them comments; {Permissions} permission requests, {PullRequests} pull requests");
        foreach (var failure in Failures) output.WriteLine($"  failed visibly: {failure}");
        output.WriteLine($"slowest start {SlowestStart.TotalSeconds:0.0} s, slowest graceful stop {SlowestStop.TotalSeconds:0.0} s");
        output.WriteLine($"{Violations.Count} violations");
        foreach (var violation in Violations) output.WriteLine($"  {violation.What}");
    }
}
