using System.Text.Json;
using Bots.Engine.Agents;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Engine.Turns;

/// <summary>
/// What an agent tells of its turn, as events of the session's log: what is said of a tool call is merged with what was said of it before, pieces
/// of text are put together, and a tool call that keeps a list of what is to be done is the plan.
/// </summary>
internal sealed class TurnTranscript(TurnContext context)
{
    private readonly Dictionary<string, ToolCall> _calls = context.View.Prompts.SelectMany(p => p.Items).OfType<TurnItem.Tool>()
        .GroupBy(t => t.Call.Id).ToDictionary(g => g.Key, g => g.Last().Call);

    private readonly HashSet<string> _plans = new(StringComparer.Ordinal);
    private readonly List<SessionEvent> _events = [];
    private readonly ToolSpans _spans = new(context.Clock);
    private readonly List<ToolCall> _changed = [];

    /// <summary>What a permission request is about: what was said of the call before, and what it says itself.</summary>
    public ToolCall Asked(RpcMessage.Request request)
    {
        var update = request.Params.At("toolCall");
        var id = update.Find("toolCallId") ?? request.Id;
        return AcpTranslator.Merge(_calls.GetValueOrDefault(id) ?? new ToolCall { Id = id }, update);
    }

    /// <param name="update">Of a <c>session/update</c>.</param>
    public void Update(JsonElement update)
    {
        if (Translate(update) is { } happened) Add(happened);
    }

    public void Add(SessionEvent happened)
    {
        switch (happened)
        {
            case SessionEvent.ToolCallChanged changed when _calls.TryGetValue(changed.Call.Id, out var known) && EngineJson.Write(known) == EngineJson.Write(changed.Call):
                return;
            case SessionEvent.ToolCallChanged changed:
                _calls[changed.Call.Id] = changed.Call;
                _changed.Add(changed.Call);
                break;
            case SessionEvent.AgentText text when _events is [.., SessionEvent.AgentText last]:
                _events[^1] = last with { Text = last.Text + text.Text };
                return;
            case SessionEvent.AgentThought thought when _events is [.., SessionEvent.AgentThought last]:
                _events[^1] = last with { Text = last.Text + thought.Text };
                return;
        }

        _events.Add(happened);
    }

    /// <summary>Writes what was added since into the log.</summary>
    public void Flush(IWrite write)
    {
        context.Log.Append(write, context.Session.Id, [.. _events]);
        _events.Clear();
    }

    /// <summary>What was flushed is on disk.</summary>
    public void Stored()
    {
        _spans.Heard(_changed);
        _changed.Clear();
    }

    private SessionEvent? Translate(JsonElement update)
    {
        if (update.Find("toolCallId") is not { } id || (!AcpTranslator.IsPlan(update) && !_plans.Contains(id)))
        {
            return AcpTranslator.Update(context.Prompt.Id, update, _calls.GetValueOrDefault);
        }

        _plans.Add(id);
        return AcpTranslator.Todos(update) is { Count: > 0 } plan ? new SessionEvent.PlanChanged(context.Prompt.Id, plan) : null;
    }
}
