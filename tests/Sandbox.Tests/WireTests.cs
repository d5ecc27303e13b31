using System.Buffers;
using System.Text;
using System.Text.Json;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Tests;

public sealed class WireTests
{
    static Launch Launch { get; } = new("sh", ["-c", "echo \"ü\""], "/workspace", new Dictionary<string, string> { ["A"] = "1", ["B"] = "" });

    public static TheoryData<string> FramesToSidecar => [.. ToSidecarFrames.Select(f => f.GetType().Name)];

    public static TheoryData<string> FramesToService => [.. ToServiceFrames.Keys];

    static ToSidecar[] ToSidecarFrames { get; } =
    [
        new ToSidecar.Start("i", "agent", Launch, StreamKind.Terminal, 1000, 80, 24), new ToSidecar.Input("i", "agent", 4, "{\"a\":\"😀\"}"), new ToSidecar.Read("agent", 1, 2, -3),
        new ToSidecar.InputBytes("i", "agent", 2, [0, 255, 10], true), new ToSidecar.Resize("i", "agent", 100, 50), new ToSidecar.Discard("i", "agent"), new ToSidecar.Observe("i"),
        new ToSidecar.Extend("agent", 1, 9), new ToSidecar.Acknowledge("agent", 5), new ToSidecar.Kill("i", "agent"), new ToSidecar.Probe("i", "agent"),
        new ToSidecar.Exec("i", Launch, "text", 1000), new ToSidecar.Forget("i"),
    ];

    static Dictionary<string, ToService> ToServiceFrames { get; } = new()
    {
        ["hello"] = new ToService.Hello(1, [new ProcessState("agent", true, 9, 3, 2)]),
        ["line"] = new ToService.Output("agent", 1, 2, OutputKind.Line) { Text = "\t\u0000" },
        ["part"] = new ToService.Output("agent", 1, 2, OutputKind.Part) { Text = "ä" },
        ["dropped"] = new ToService.Output("agent", 1, 2, OutputKind.Dropped) { DroppedLines = 3, DroppedBytes = 1L << 40 },
        ["exited"] = new ToService.Output("agent", 1, 2, OutputKind.Exited) { Code = -1 },
        ["out of time"] = new ToService.Output("agent", 1, 2, OutputKind.Exited),
        ["done"] = new ToService.Done("i", "wrong"),
        ["executed"] = new ToService.Executed("i", null, "out", "err"),
        ["observed"] = new ToService.Observed("i", 5, true, null, 1, 2, ["sh", "sleep"]),
    };

    [Theory]
    [MemberData(nameof(FramesToSidecar))]
    public void What_the_service_sends_comes_out_as_it_was(string type)
    {
        var frame = ToSidecarFrames.Single(f => f.GetType().Name == type);

        FrameParser.ToSidecar(Json(w => FrameJson.Write(w, frame))).ShouldBeEquivalentTo(frame);
    }

    [Theory]
    [MemberData(nameof(FramesToService))]
    public void What_the_sidecar_sends_comes_out_as_it_was(string which)
    {
        var frame = ToServiceFrames[which];

        FrameParser.ToService(Json(w => FrameJson.Write(w, frame))).ShouldBeEquivalentTo(frame);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Bytes_come_out_as_they_were(int kind)
    {
        var frame = new ToService.Output("agent", 1, 2, (OutputKind)kind) { Bytes = new byte[] { 0, 1, 255 } };

        var parsed = FrameParser.ToService(Json(w => FrameJson.Write(w, frame))).ShouldBeOfType<ToService.Output>();

        parsed.Kind.ShouldBe(frame.Kind);
        parsed.Bytes.ToArray().ShouldBe([0, 1, 255]);
    }

    [Fact]
    public void A_line_of_JSON_stays_readable_in_its_frame()
    {
        var json = Json(w => FrameJson.Write(w, new ToService.Output("agent", 1, 2, OutputKind.Line) { Bytes = """{"a":"ü"}"""u8.ToArray() }));

        json.GetRawText().ShouldBe("""{"type":"output","process":"agent","reader":1,"number":2,"kind":0,"text":"{\"a\":\"ü\"}"}""");
    }

    [Fact]
    public void A_frame_of_a_later_version_is_passed_over() =>
        FrameParser.ToService(JsonElement.Parse("""{"type":"hologram","process":"agent"}""")).ShouldBe(new ToService());

    [Fact]
    public void A_request_nobody_can_read_keeps_its_id_so_that_it_can_be_answered()
    {
        FrameParser.ToSidecar(JsonElement.Parse("""{"type":"kill","id":"i"}""")).ShouldBe(new ToSidecar.Unreadable("i", "A frame has no valid 'process'."));
        Should.Throw<JsonException>(() => FrameParser.ToSidecar(JsonElement.Parse("""{"type":"kill","process":"agent"}""")));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"type":"done"}""")]
    [InlineData("""{"type":"output","process":"agent","reader":"1"}""")]
    [InlineData("""{"type":"output","process":"agent","reader":1,"number":1,"kind":0}""")]
    [InlineData("""{"type":"output","process":"agent","reader":1,"number":-1,"kind":0,"text":"x"}""")]
    [InlineData("""{"type":"output","process":"agent","reader":1,"number":1e30,"kind":0,"text":"x"}""")]
    [InlineData("""{"type":"output","process":"agent","reader":1,"number":1.5,"kind":0,"text":"x"}""")]
    [InlineData("""{"type":"output","process":"agent","reader":1,"number":1,"kind":4294967296,"text":"x"}""")]
    [InlineData("""{"type":"output","process":"agent","reader":1,"number":1,"kind":0,"text":"\ud800"}""")]
    [InlineData("""{"type":"output","process":"agent","reader":1,"number":1,"kind":5,"bytes":"not base64!"}""")]
    [InlineData("""{"type":"output","process":"agent","reader":1,"number":1,"kind":2,"code":4294967296}""")]
    [InlineData("""{"type":"output","process":"agent","reader":1,"number":1,"kind":4,"lines":-5,"bytes":1}""")]
    [InlineData("""{"type":"hello","version":4294967298,"processes":[]}""")]
    [InlineData("""{"type":"hello","version":2,"processes":[7]}""")]
    [InlineData("""{"type":"hello","version":2,"processes":{}}""")]
    [InlineData("""{"type":"observed","id":"i","terminals":0,"processes":1,"names":[1]}""")]
    [InlineData("""{"type":"executed","id":"i"}""")]
    public void What_is_no_frame_is_refused(string json) => Should.Throw<JsonException>(() => FrameParser.ToService(JsonElement.Parse(json)));

    static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, FrameJson.Options)) write(writer);
        return JsonElement.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
