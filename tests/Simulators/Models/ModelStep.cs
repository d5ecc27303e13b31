using System.Text.Json.Nodes;

namespace Bots.Simulators.Models;

/// <summary>A call the model makes, its arguments fixed or computed from the request.</summary>
public sealed record ModelToolCall(string Name, Func<ModelRequest, JsonNode> Arguments);

/// <summary>An answer that is an HTTP error.</summary>
/// <param name="Body">Null for the provider's own error shape.</param>
/// <param name="Times">How often the step fails before it succeeds.</param>
public sealed record ModelFailure(int Status, string? Body = null, TimeSpan? RetryAfter = null, int Times = int.MaxValue);

/// <summary>One answer of the model. What is set happens in this order: gate, failure or garbage, text, gate, hang or break, tool calls.</summary>
public sealed record ModelStep
{
    /// <summary>Streamed in small pieces.</summary>
    public Func<ModelRequest, string>? Text { get; init; }

    /// <summary>Each must name a tool the request offers; otherwise the answer is an error 400 (agents repeat a 500 for ever) and the simulator notes a problem.</summary>
    public IReadOnlyList<ModelToolCall> Calls { get; init; } = [];

    public ModelFailure? Failure { get; init; }

    /// <summary>Sent with status 200 in place of an answer.</summary>
    public string? Garbage { get; init; }

    /// <summary>Waits here until <see cref="ModelSimulator.Release"/>, before anything is sent.</summary>
    public string? Gate { get; init; }

    /// <summary>The same, with the text sent already.</summary>
    public string? GateAfterText { get; init; }

    /// <summary>After the text nothing more comes until the caller gives up.</summary>
    public bool Hangs { get; init; }

    /// <summary>So many times the connection is dropped after the text; then the step succeeds.</summary>
    public int Breaks { get; init; }

    public ModelUsage? Usage { get; init; }

    public static ModelStep Say(string text) => new() { Text = _ => text };

    public static ModelStep Say(Func<ModelRequest, string> text) => new() { Text = text };

    public static ModelStep Call(string tool, JsonNode arguments) => new ModelStep().AndCall(tool, arguments);

    public static ModelStep Call(string tool, Func<ModelRequest, JsonNode> arguments) => new ModelStep().AndCall(tool, arguments);

    public static ModelStep Fail(int status, string? body = null, TimeSpan? retryAfter = null, int times = int.MaxValue) =>
        new() { Failure = new ModelFailure(status, body, retryAfter, times) };

    public static ModelStep Hang(string text = "") => new() { Text = _ => text, Hangs = true };

    public static ModelStep Break(string text = "", int times = int.MaxValue) => new() { Text = _ => text, Breaks = times };

    public static ModelStep Rubbish(string bytes) => new() { Garbage = bytes };

    public ModelStep AndCall(string tool, JsonNode arguments) => AndCall(tool, _ => arguments.DeepClone());

    public ModelStep AndCall(string tool, Func<ModelRequest, JsonNode> arguments) =>
        this with { Calls = [.. Calls, new ModelToolCall(tool, arguments)] };

    public ModelStep After(string gate) => this with { Gate = gate };

    public ModelStep Using(ModelUsage usage) => this with { Usage = usage };
}
