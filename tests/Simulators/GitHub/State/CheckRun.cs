using System.Text.Json.Nodes;

namespace Bots.Simulators.GitHub.State;

/// <summary>A check run of the app on one commit.</summary>
public sealed record CheckRun
{
    public required long Id { get; init; }

    public required long SuiteId { get; init; }

    public required string Name { get; init; }

    public required string HeadSha { get; init; }

    public required string Status { get; init; }

    public string? Conclusion { get; init; }

    public string? ExternalId { get; init; }

    public string? DetailsUrl { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? Title { get; init; }

    public string? Summary { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<JsonObject> Annotations { get; init; } = [];

    /// <summary>The buttons people see once the run is completed.</summary>
    public IReadOnlyList<CheckAction> Actions { get; init; } = [];
}

public sealed record CheckAction(string Label, string Description, string Identifier);
