namespace Bots.Engine.Agents;

/// <summary>The agent failed. The message may be shown to people: it says what happened and what to do about it.</summary>
public sealed class AgentException(string message, Exception? inner = null) : Exception(message, inner);
