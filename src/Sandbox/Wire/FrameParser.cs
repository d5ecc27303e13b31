using System.Text.Json;

namespace Bots.Sandbox.Wire;

/// <summary>The other direction of <see cref="FrameJson"/>. A type that is not known becomes a frame that means nothing.</summary>
/// <remarks>All methods throw <see cref="JsonException"/> when a frame lacks what it needs.</remarks>
internal static class FrameParser
{
    public static ToSidecar ToSidecar(JsonElement json) => Text(json, "type") switch
    {
        "start" => new ToSidecar.Start(Text(json, "id"), Text(json, "process"), Launch(json)),
        "input" => new ToSidecar.Input(Text(json, "id"), Text(json, "process"), Number(json, "number"), Text(json, "line")),
        "read" => new ToSidecar.Read(Text(json, "process"), Number(json, "reader"), Number(json, "after"), Number(json, "upTo")),
        "extend" => new ToSidecar.Extend(Text(json, "process"), Number(json, "reader"), Number(json, "upTo")),
        "acknowledge" => new ToSidecar.Acknowledge(Text(json, "process"), Number(json, "number")),
        "kill" => new ToSidecar.Kill(Text(json, "id"), Text(json, "process")),
        "probe" => new ToSidecar.Probe(Text(json, "id"), Text(json, "process")),
        "exec" => new ToSidecar.Exec(Text(json, "id"), Launch(json), TextOrNull(json, "standardInput"), Number(json, "timeoutMilliseconds")),
        "forget" => new ToSidecar.Forget(Text(json, "id")),
        _ => new ToSidecar(),
    };

    public static ToService ToService(JsonElement json) => Text(json, "type") switch
    {
        "hello" => new ToService.Hello((int)Number(json, "version"), [.. Items(json, "processes").Select(Process)]),
        "output" => new ToService.Output(
            Text(json, "process"), Number(json, "reader"), Number(json, "number"), (OutputKind)Number(json, "kind"), TextOrNull(json, "text"), Code(json)),
        "done" => new ToService.Done(Text(json, "id"), TextOrNull(json, "error")),
        "executed" => new ToService.Executed(Text(json, "id"), Code(json), Text(json, "standardOutput"), Text(json, "standardError")),
        _ => new ToService(),
    };

    /// <returns>The string of this name.</returns>
    public static string Text(JsonElement json, string name) => TextOrNull(json, name) ?? throw new JsonException($"A frame has no '{name}'.");

    static string? TextOrNull(JsonElement json, string name) => Find(json, name, JsonValueKind.String) is { } value ? value.GetString() : null;

    static long Number(JsonElement json, string name) =>
        Find(json, name, JsonValueKind.Number) is { } value && value.TryGetInt64(out var number) ? number : throw new JsonException($"A frame has no '{name}'.");

    static int? Code(JsonElement json) => Find(json, "code", JsonValueKind.Number) is null ? null : (int)Number(json, "code");

    static JsonElement.ArrayEnumerator Items(JsonElement json, string name) =>
        Find(json, name, JsonValueKind.Array) is { } value ? value.EnumerateArray() : throw new JsonException($"A frame has no '{name}'.");

    static JsonElement? Find(JsonElement json, string name, JsonValueKind kind) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    static ProcessState Process(JsonElement json) => new(
        Text(json, "process"),
        json.TryGetProperty("exited", out var exited) && exited.ValueKind == JsonValueKind.True,
        Number(json, "lastOutput"),
        Number(json, "acknowledged"),
        Number(json, "lastInput"));

    static Launch Launch(JsonElement json)
    {
        var environment = new Dictionary<string, string>();
        if (Find(json, "environment", JsonValueKind.Object) is { } variables)
        {
            foreach (var variable in variables.EnumerateObject()) environment[variable.Name] = Text(variables, variable.Name);
        }

        string[] arguments = [.. Items(json, "arguments").Select(a => a.GetString() ?? throw new JsonException("An argument is null."))];
        return new Launch(Text(json, "command"), arguments, Text(json, "workingDirectory"), environment);
    }
}
