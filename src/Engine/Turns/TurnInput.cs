using Bots.Engine.Agents;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Turns;

/// <summary>Something a running turn reacts to.</summary>
internal abstract record TurnInput
{
    private TurnInput()
    {
    }

    /// <summary>The agent said something.</summary>
    public sealed record Heard(ProcessOutput Output) : TurnInput
    {
        /// <summary>Null for what is no JSON-RPC message.</summary>
        public RpcMessage? Message { get; } = Output is ProcessOutput.Line line ? Rpc.Parse(line.Text) : null;

        /// <summary>A piece of text, which may wait a moment for the next one.</summary>
        public bool IsText => Message is RpcMessage.Notification { Method: "session/update" } n
            && n.Params.At("update").Find("sessionUpdate") is "agent_message_chunk" or "agent_thought_chunk";
    }

    /// <summary>A person decided, or somebody asked to stop: the store says which.</summary>
    public sealed record Woken : TurnInput;

    /// <summary>The model's provider fails again and again, and the agent does not say so.</summary>
    public sealed record Hopeless(string Cause) : TurnInput;

    /// <summary>The agent's output cannot be read any more.</summary>
    public sealed record Broken(Exception Cause) : TurnInput;
}
