namespace Bots.Simulators.Models;

/// <summary>How the model server is set up.</summary>
public sealed record ModelSimulatorOptions
{
    /// <summary>0 takes any free port.</summary>
    public int Port { get; init; }

    /// <summary>The one key that is accepted, as a bearer token or as <c>x-api-key</c>.</summary>
    public string ApiKey { get; init; } = "sk-simulated-0000000000000000";

    /// <summary>The models it has; any other is answered as not found. Agents of one provider know what its real models can do, and behave accordingly.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["scripted", "scripted-small", "claude-sonnet-4-5", "gpt-5.3-codex"];

    /// <summary>Tried in order; the first that matches a prompt speaks.</summary>
    public IReadOnlyList<ModelScript> Scripts { get; init; } = [];

    /// <summary>Between two pieces of streamed text; zero for tests.</summary>
    public TimeSpan ChunkDelay { get; init; }

    /// <summary>Characters in a piece of streamed text.</summary>
    public int ChunkLength { get; init; } = 12;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
