using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Models;

/// <summary>Plays one step to one caller.</summary>
internal sealed class ModelPerformance(ModelSimulatorOptions options, Gates gates, HttpContext context, ModelRequest request)
{
    private static int _callCount;

    /// <exception cref="ModelRefusal">The step fails, or calls a tool that was not offered.</exception>
    public async Task Play(ModelStep step, IModelProtocol protocol, bool breaks)
    {
        var text = step.Text?.Invoke(request) ?? "";
        var calls = step.Calls.Select(c => (c.Name, Arguments: Arguments(c))).ToList();
        var usage = step.Usage ?? ModelUsage.Estimate(request, text + string.Concat(calls.Select(c => c.Arguments)));
        var writer = protocol.Reply(context.Response, request);
        await writer.Start(usage);
        foreach (var piece in Pieces(text, options.ChunkLength))
        {
            await writer.Text(piece);
            if (options.ChunkDelay > TimeSpan.Zero)
                await Task.Delay(options.ChunkDelay, options.TimeProvider, context.RequestAborted);
        }

        if (step.GateAfterText is { } gate)
            await gates.Pass(gate, context.RequestAborted);
        if (step.Hangs)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        if (breaks)
        {
            context.Abort();
            return;
        }

        foreach (var (name, arguments) in calls)
            await writer.Call(NextCallId(request.Protocol), name, arguments);
        await writer.Finish(usage);
    }

    public static ModelRefusal Refusal(ModelFailure failure, ModelProtocol protocol) => new(failure.Status, TypeOf(failure.Status, protocol), $"Scripted failure {failure.Status}.")
    {
        Body = failure.Body,
        RetryAfter = failure.RetryAfter,
    };

    private static IEnumerable<string> Pieces(string text, int length)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(text.Length, start + length);
            if (end < text.Length && char.IsLowSurrogate(text[end]))
                end++;
            yield return text[start..end];
            start = end;
        }
    }

    private string Arguments(ModelToolCall call) => request.Tools.Contains(call.Name)
        ? call.Arguments(request).ToJsonString(JsonSerializerOptions.Default)
        : throw new ModelRefusal(400, "invalid_request_error", $"The script calls the tool '{call.Name}', which the request does not offer. Offered: {string.Join(", ", request.Tools)}.") { IsProblem = true };

    private static string NextCallId(ModelProtocol protocol) =>
        $"{(protocol == ModelProtocol.AnthropicMessages ? "toolu" : "call")}_{Interlocked.Increment(ref _callCount):D8}{Guid.NewGuid().ToString("N")[..12]}";

    private static string TypeOf(int status, ModelProtocol protocol) => (protocol, status) switch
    {
        (ModelProtocol.OpenAiChat or ModelProtocol.OpenAiResponses, 429) => "rate_limit_exceeded",
        (ModelProtocol.OpenAiChat or ModelProtocol.OpenAiResponses, >= 500) => "server_error",
        (ModelProtocol.AnthropicMessages, 401) => "authentication_error",
        (ModelProtocol.AnthropicMessages, 403) => "permission_error",
        (ModelProtocol.AnthropicMessages, 404) => "not_found_error",
        (ModelProtocol.AnthropicMessages, 413) => "request_too_large",
        (ModelProtocol.AnthropicMessages, 429) => "rate_limit_error",
        (ModelProtocol.AnthropicMessages, 529) => "overloaded_error",
        (ModelProtocol.AnthropicMessages, >= 500) => "api_error",
        _ => "invalid_request_error",
    };
}
