using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models;

/// <summary>Remembers what was asked and plays the step that is due.</summary>
internal sealed class ModelStage(ModelSimulatorOptions options, ChangeSignal changes, Gates gates)
{
    private readonly Lock _lock = new();
    private readonly List<ModelExchange> _exchanges = [];
    private readonly List<string> _problems = [];
    private readonly Dictionary<ModelStep, int> _mishaps = new(ReferenceEqualityComparer.Instance);
    private List<ModelScript> _scripts = [.. options.Scripts];

    public IReadOnlyList<ModelExchange> Exchanges
    {
        get
        {
            lock (_lock)
                return [.. _exchanges];
        }
    }

    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (_lock)
                return [.. _problems];
        }
    }

    public void Prepend(ModelScript script)
    {
        lock (_lock)
            _scripts = [script, .. _scripts];
    }

    public int Open()
    {
        int number;
        lock (_lock)
        {
            number = _exchanges.Count;
            _exchanges.Add(new ModelExchange { Number = number, At = options.TimeProvider.GetUtcNow() });
        }

        changes.Raise();
        return number;
    }

    public void Update(int number, Func<ModelExchange, ModelExchange> change)
    {
        lock (_lock)
            _exchanges[number] = change(_exchanges[number]);
        changes.Raise();
    }

    public void Refused(int number, ModelRefusal refusal)
    {
        lock (_lock)
        {
            if (refusal.IsProblem)
                _problems.Add(refusal.Message);
        }

        Update(number, e => e with { Status = refusal.Status, Refusal = refusal.Message });
    }

    public async Task Play(int number, ModelRequest request, HttpContext context, IModelProtocol protocol)
    {
        List<ModelScript> scripts;
        lock (_lock)
            scripts = _scripts;
        var cue = Director.Choose(scripts, request);
        Update(number, e => e with { Script = cue.Script, Turn = cue.Turn });
        if (cue.Step.Gate is { } gate)
            await gates.Pass(gate, context.RequestAborted);
        if (cue.Step.Failure is { } failure && Again(cue.Step, failure.Times))
            throw ModelPerformance.Refusal(failure, request.Protocol);
        if (cue.Step.Garbage is { } garbage)
        {
            context.Response.ContentType = request.Stream ? "text/event-stream" : "application/json";
            await context.Response.WriteAsync(garbage, context.RequestAborted);
            return;
        }

        await new ModelPerformance(options, gates, context, request).Play(cue.Step, protocol, breaks: Again(cue.Step, cue.Step.Breaks));
    }

    /// <summary>True the first <paramref name="times"/> times a step goes wrong.</summary>
    private bool Again(ModelStep step, int times)
    {
        lock (_lock)
        {
            var before = _mishaps.GetValueOrDefault(step);
            if (before >= times)
                return false;
            _mishaps[step] = before + 1;
            return true;
        }
    }
}
