using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bots.Sandbox.Wire;

/// <summary>
/// Frames as JSON, by hand: the serializer's metadata, source-generated or not, is mostly compiled at run time, and that takes the sidecar
/// longer than all the rest of its start. What is unknown is passed over, so either side may be the newer one.
/// </summary>
internal static class FrameJson
{
    /// <summary>Agents speak JSON themselves: the default encoder would turn each of its quotes into six bytes.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(Utf8JsonWriter json, ToSidecar frame)
    {
        json.WriteStartObject();
        switch (frame)
        {
            case ToSidecar.Start start:
                Head(json, "start", start.Id, start.Process);
                Write(json, start.Launch);
                json.WriteNumber("streams", (int)start.Streams);
                json.WriteNumber("timeoutMilliseconds", start.TimeoutMilliseconds);
                json.WriteNumber("columns", start.Columns);
                json.WriteNumber("rows", start.Rows);
                break;
            case ToSidecar.Input input:
                Head(json, "input", input.Id, input.Process);
                json.WriteNumber("number", input.Number);
                json.WriteString("line", input.Line);
                break;
            case ToSidecar.InputBytes bytes:
                Head(json, "inputBytes", bytes.Id, bytes.Process);
                json.WriteNumber("number", bytes.Number);
                json.WriteBase64String("bytes", bytes.Bytes);
                json.WriteBoolean("end", bytes.End);
                break;
            case ToSidecar.Resize resize:
                Head(json, "resize", resize.Id, resize.Process);
                json.WriteNumber("columns", resize.Columns);
                json.WriteNumber("rows", resize.Rows);
                break;
            case ToSidecar.Read read:
                Head(json, "read", null, read.Process);
                json.WriteNumber("reader", read.Reader);
                json.WriteNumber("after", read.After);
                json.WriteNumber("credit", read.Credit);
                break;
            case ToSidecar.Extend extend:
                Head(json, "extend", null, extend.Process);
                json.WriteNumber("reader", extend.Reader);
                json.WriteNumber("credit", extend.Credit);
                break;
            case ToSidecar.Acknowledge acknowledge:
                Head(json, "acknowledge", null, acknowledge.Process);
                json.WriteNumber("number", acknowledge.Number);
                break;
            case ToSidecar.Kill kill:
                Head(json, "kill", kill.Id, kill.Process);
                break;
            case ToSidecar.Discard discard:
                Head(json, "discard", discard.Id, discard.Process);
                break;
            case ToSidecar.Probe probe:
                Head(json, "probe", probe.Id, probe.Process);
                break;
            case ToSidecar.Exec exec:
                Head(json, "exec", exec.Id, null);
                Write(json, exec.Launch);
                if (exec.StandardInput is { } text) json.WriteString("standardInput", text);
                json.WriteNumber("timeoutMilliseconds", exec.TimeoutMilliseconds);
                break;
            case ToSidecar.Forget forget:
                Head(json, "forget", forget.Id, null);
                break;
            case ToSidecar.Observe observe:
                Head(json, "observe", observe.Id, null);
                break;
        }

        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ToService frame)
    {
        json.WriteStartObject();
        switch (frame)
        {
            case ToService.Hello hello:
                Head(json, "hello", null, null);
                json.WriteNumber("version", hello.Version);
                json.WriteStartArray("processes");
                foreach (var process in hello.Processes) Write(json, process);
                json.WriteEndArray();
                break;
            case ToService.Output output:
                Head(json, "output", null, output.Process);
                json.WriteNumber("reader", output.Reader);
                json.WriteNumber("number", output.Number);
                json.WriteNumber("kind", (int)output.Kind);
                WriteContent(json, output);
                break;
            case ToService.Done done:
                Head(json, "done", done.Id, null);
                if (done.Error is { } wrong) json.WriteString("error", wrong);
                break;
            case ToService.Executed executed:
                Head(json, "executed", executed.Id, null);
                if (executed.Code is { } exit) json.WriteNumber("code", exit);
                json.WriteString("standardOutput", executed.StandardOutput);
                json.WriteString("standardError", executed.StandardError);
                break;
            case ToService.Observed observed:
                Head(json, "observed", observed.Id, null);
                if (observed.FileChange is { } change) json.WriteNumber("fileChange", change);
                json.WriteBoolean("allFiles", observed.AllFiles);
                if (observed.Terminal is { } terminal) json.WriteNumber("terminal", terminal);
                json.WriteNumber("terminals", observed.Terminals);
                json.WriteNumber("processes", observed.Processes);
                json.WriteStartArray("names");
                foreach (var name in observed.Names) json.WriteStringValue(name);
                json.WriteEndArray();
                break;
        }

        json.WriteEndObject();
    }

    static void WriteContent(Utf8JsonWriter json, ToService.Output output)
    {
        switch (output.Kind)
        {
            case OutputKind.Exited:
                if (output.Code is { } code) json.WriteNumber("code", code);
                break;
            case OutputKind.Dropped:
                json.WriteNumber("lines", output.DroppedLines);
                json.WriteNumber("bytes", output.DroppedBytes);
                break;
            case OutputKind.Bytes or OutputKind.ErrorBytes:
                json.WriteBase64String("bytes", output.Bytes.Span);
                break;
            default:
                if (output.Text is { } text) json.WriteString("text", text);
                else json.WriteString("text", output.Bytes.Span);
                break;
        }
    }

    static void Head(Utf8JsonWriter json, string type, string? id, string? process)
    {
        json.WriteString("type", type);
        if (id is not null) json.WriteString("id", id);
        if (process is not null) json.WriteString("process", process);
    }

    static void Write(Utf8JsonWriter json, Launch launch)
    {
        json.WriteString("command", launch.Command);
        json.WriteStartArray("arguments");
        foreach (var argument in launch.Arguments) json.WriteStringValue(argument);
        json.WriteEndArray();
        json.WriteString("workingDirectory", launch.WorkingDirectory);
        json.WriteStartObject("environment");
        foreach (var (name, value) in launch.Environment) json.WriteString(name, value);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ProcessState process)
    {
        json.WriteStartObject();
        json.WriteString("process", process.Process);
        json.WriteBoolean("exited", process.Exited);
        json.WriteNumber("lastOutput", process.LastOutput);
        json.WriteNumber("acknowledged", process.Acknowledged);
        json.WriteNumber("lastInput", process.LastInput);
        json.WriteEndObject();
    }
}
