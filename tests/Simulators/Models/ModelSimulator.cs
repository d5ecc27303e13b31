using Microsoft.AspNetCore.Builder;

namespace Bots.Simulators.Models;

/// <summary>A model server that says what its scripts say. Speaks OpenAI's chat completions and responses and Anthropic's messages on 127.0.0.1.</summary>
public sealed class ModelSimulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ModelStage _stage;
    private readonly Gates _gates;
    private readonly ModelSimulatorOptions _options;

    private ModelSimulator(WebApplication app, ModelStage stage, Gates gates, ChangeSignal changes, ModelSimulatorOptions options)
    {
        (_app, _stage, _gates, Changes, _options) = (app, stage, gates, changes, options);
        BaseUrl = SimulatorHost.Address(app);
    }

    /// <summary>Without a path: what Anthropic clients call their base URL.</summary>
    public Uri BaseUrl { get; }

    /// <summary>With <c>/v1</c>: what OpenAI clients call their base URL.</summary>
    public Uri VersionedUrl => new(BaseUrl, "/v1");

    public string ApiKey => _options.ApiKey;

    /// <summary>Raised when a request arrives, is answered, or is given up.</summary>
    public ChangeSignal Changes { get; }

    /// <summary>Every request with what became of it, in the order of arrival.</summary>
    public IReadOnlyList<ModelExchange> Exchanges => _stage.Exchanges;

    /// <summary>The requests that were understood, side requests for titles left out.</summary>
    public IReadOnlyList<ModelRequest> Requests => [.. Exchanges.Where(e => e.Request is { IsTitle: false }).Select(e => e.Request!)];

    /// <summary>Scripts that could not be played, such as one that calls a tool the agent does not offer. Tests assert that it is empty.</summary>
    public IReadOnlyList<string> Problems => _stage.Problems;

    /// <summary>Starts listening.</summary>
    public static async Task<ModelSimulator> Start(ModelSimulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var app = SimulatorHost.Create(options.Port);
        var changes = new ChangeSignal();
        var gates = new Gates();
        var stage = new ModelStage(options, changes, gates);
        new ModelServer(options, stage).Map(app);
        await app.StartAsync();
        return new ModelSimulator(app, stage, gates, changes, options);
    }

    /// <summary>Adds a script that is tried before all others.</summary>
    public void Add(ModelScript script) => _stage.Prepend(script);

    /// <summary>Opens a gate for good: the steps that wait at it go on, later ones pass.</summary>
    public void Release(string gate) => _gates.Release(gate);

    /// <summary>Completes when a step first waits at the gate.</summary>
    public Task Reached(string gate, TimeSpan timeout) => _gates.Reached(gate).WaitAsync(timeout, TimeProvider.System);

    /// <summary>Waits for an exchange, past or future.</summary>
    public Task<ModelExchange> WaitFor(Func<ModelExchange, bool> predicate, TimeSpan timeout) =>
        Changes.WaitFor(() => Exchanges.FirstOrDefault(predicate), timeout, () => $"Asked so far: {string.Join(" | ", Exchanges.Select(e => $"{e.Script}#{e.Turn} {e.Status}"))}");

    public ValueTask DisposeAsync() => SimulatorHost.Stop(_app);
}
