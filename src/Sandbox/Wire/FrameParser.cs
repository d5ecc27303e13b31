using System.Text.Json;

namespace Bots.Sandbox.Wire;

/// <summary>The other direction of <see cref="FrameJson"/>. A type that is not known becomes a frame that means nothing.</summary>
/// <remarks>
/// All methods throw <see cref="JsonException"/> when a frame lacks what it needs or has something impossible in it, and nothing else:
/// what a sandbox sends is not to be trusted.
/// </remarks>
internal static class FrameParser
{
    public static ToSidecar ToSidecar(JsonElement json)
    {
        try
        {
            return Parse(json);
        }
        catch (JsonException unreadable) when (TextOrNull(json, "id") is not null)
        {
            return new ToSidecar.Unreadable(Text(json, "id"), unreadable.Message);
        }
    }

    static ToSidecar Parse(JsonElement json) => Text(json, "type") switch
    {
        "start" => new ToSidecar.Start(
            Text(json, "id"), Text(json, "process"), Launch(json), (StreamKind)Count(json, "streams"), Number(json, "timeoutMilliseconds"), Count(json, "columns"), Count(json, "rows")),
        "input" => new ToSidecar.Input(Text(json, "id"), Text(json, "process"), Number(json, "number"), Text(json, "line")),
        "inputBytes" => new ToSidecar.InputBytes(Text(json, "id"), Text(json, "process"), Number(json, "number"), Bytes(json, "bytes"), Flag(json, "end")),
        "resize" => new ToSidecar.Resize(Text(json, "id"), Text(json, "process"), Count(json, "columns"), Count(json, "rows")),
        "read" => new ToSidecar.Read(Text(json, "process"), Number(json, "reader"), Number(json, "after"), Credit(json)),
        "extend" => new ToSidecar.Extend(Text(json, "process"), Number(json, "reader"), Credit(json)),
        "acknowledge" => new ToSidecar.Acknowledge(Text(json, "process"), Number(json, "number")),
        "kill" => new ToSidecar.Kill(Text(json, "id"), Text(json, "process")),
        "discard" => new ToSidecar.Discard(Text(json, "id"), Text(json, "process")),
        "probe" => new ToSidecar.Probe(Text(json, "id"), Text(json, "process")),
        "exec" => new ToSidecar.Exec(Text(json, "id"), Launch(json), TextOrNull(json, "standardInput"), Number(json, "timeoutMilliseconds")),
        "forget" => new ToSidecar.Forget(Text(json, "id")),
        "observe" => new ToSidecar.Observe(Text(json, "id")),
        _ => new ToSidecar(),
    };

    public static ToService ToService(JsonElement json) => Text(json, "type") switch
    {
        "hello" => new ToService.Hello(Count(json, "version"), [.. Items(json, "processes").Select(Process)]),
        "output" => Output(json),
        "done" => new ToService.Done(Text(json, "id"), TextOrNull(json, "error")),
        "executed" => new ToService.Executed(Text(json, "id"), Code(json), Text(json, "standardOutput"), Text(json, "standardError")),
        "observed" => new ToService.Observed(
            Text(json, "id"),
            NumberOrNull(json, "fileChange"),
            Flag(json, "allFiles"),
            NumberOrNull(json, "terminal"),
            Count(json, "terminals"),
            Count(json, "processes"),
            [.. Items(json, "names").Select(Text)]),
        _ => new ToService(),
    };

    /// <returns>The string of this name.</returns>
    public static string Text(JsonElement json, string name) => TextOrNull(json, name) ?? throw Lacks(name);

    static ToService.Output Output(JsonElement json)
    {
        var output = new ToService.Output(Text(json, "process"), Number(json, "reader"), Number(json, "number"), (OutputKind)Count(json, "kind"));
        return output.Kind switch
        {
            OutputKind.Line or OutputKind.ErrorLine or OutputKind.Part => output with { Text = Text(json, "text") },
            OutputKind.Exited => output with { Code = Code(json) },
            OutputKind.Dropped => output with { DroppedLines = Number(json, "lines"), DroppedBytes = Number(json, "bytes") },
            OutputKind.Bytes or OutputKind.ErrorBytes => output with { Bytes = Bytes(json, "bytes") },
            _ => output,
        };
    }

    static string? TextOrNull(JsonElement json, string name) => Find(json, name, JsonValueKind.String) is { } value ? Text(value) : null;

    static string Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new JsonException("A string was expected.");
        }
        catch (InvalidOperationException half)
        {
            throw new JsonException("A string holds half a character.", half);
        }
    }

    static byte[] Bytes(JsonElement json, string name) =>
        Find(json, name, JsonValueKind.String) is { } value && value.TryGetBytesFromBase64(out var bytes) ? bytes : throw Lacks(name);

    static bool Flag(JsonElement json, string name) => Find(json, name, JsonValueKind.True) is not null;

    /// <summary>Nothing that is counted here is negative.</summary>
    static long Number(JsonElement json, string name) => NumberOrNull(json, name) ?? throw Lacks(name);

    static long? NumberOrNull(JsonElement json, string name)
    {
        if (Find(json, name, JsonValueKind.Number) is not { } value) return null;
        return value.TryGetInt64(out var number) && number >= 0 ? number : throw Lacks(name);
    }

    /// <summary>Below 0 after a message that went beyond it.</summary>
    static long Credit(JsonElement json) =>
        Find(json, "credit", JsonValueKind.Number) is { } value && value.TryGetInt64(out var credit) ? credit : throw Lacks("credit");

    static int Count(JsonElement json, string name) => Number(json, name) is var number and <= int.MaxValue ? (int)number : throw Lacks(name);

    static int? Code(JsonElement json)
    {
        if (Find(json, "code", JsonValueKind.Number) is not { } value) return null;
        return value.TryGetInt32(out var code) ? code : throw Lacks("code");
    }

    static JsonElement.ArrayEnumerator Items(JsonElement json, string name) =>
        Find(json, name, JsonValueKind.Array) is { } value ? value.EnumerateArray() : throw Lacks(name);

    static JsonElement? Find(JsonElement json, string name, JsonValueKind kind) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    static JsonException Lacks(string name) => new($"A frame has no valid '{name}'.");

    static ProcessState Process(JsonElement json) => new(
        Text(json, "process"), Flag(json, "exited"), Number(json, "lastOutput"), Number(json, "acknowledged"), Number(json, "lastInput"));

    static Launch Launch(JsonElement json)
    {
        var environment = new Dictionary<string, string>();
        if (Find(json, "environment", JsonValueKind.Object) is { } variables)
        {
            foreach (var variable in variables.EnumerateObject()) environment[variable.Name] = Text(variable.Value);
        }

        return new Launch(Text(json, "command"), [.. Items(json, "arguments").Select(Text)], Text(json, "workingDirectory"), environment);
    }
}
