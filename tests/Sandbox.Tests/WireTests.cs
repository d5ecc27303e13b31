using System.Buffers;
using System.Text;
using System.Text.Json;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Tests;

public sealed class WireTests
{
    static Launch Launch { get; } = new("sh", ["-c", "echo \"ü\""], "/workspace", new Dictionary<string, string> { ["A"] = "1", ["B"] = "" });

    public static TheoryData<string> FramesToSidecar => [.. ToSidecarFrames.Select(f => f.GetType().Name)];

    public static TheoryData<string> FramesToService => [.. ToServiceFrames.Select(f => f.GetType().Name)];

    static ToSidecar[] ToSidecarFrames { get; } =
    [
        new ToSidecar.Start("i", "agent", Launch), new ToSidecar.Input("i", "agent", 4, "{\"a\":\"😀\"}"), new ToSidecar.Read("agent", 1, 2, 3),
        new ToSidecar.Extend("agent", 1, 9), new ToSidecar.Acknowledge("agent", 5), new ToSidecar.Kill("i", "agent"), new ToSidecar.Probe("i", "agent"),
        new ToSidecar.Exec("i", Launch, "text", 1000), new ToSidecar.Forget("i"),
    ];

    static ToService[] ToServiceFrames { get; } =
    [
        new ToService.Hello(1, [new ProcessState("agent", true, 9, 3, 2)]), new ToService.Output("agent", 1, 2, OutputKind.Line, "\t\u0000", null),
        new ToService.Done("i", "wrong"), new ToService.Executed("i", null, "out", "err"),
    ];

    [Theory]
    [MemberData(nameof(FramesToSidecar))]
    public void What_the_service_sends_comes_out_as_it_was(string type)
    {
        var frame = ToSidecarFrames.Single(f => f.GetType().Name == type);

        FrameParser.ToSidecar(Json(w => FrameJson.Write(w, frame))).ShouldBeEquivalentTo(frame);
    }

    [Theory]
    [MemberData(nameof(FramesToService))]
    public void What_the_sidecar_sends_comes_out_as_it_was(string type)
    {
        var frame = ToServiceFrames.Single(f => f.GetType().Name == type);

        FrameParser.ToService(Json(w => FrameJson.Write(w, frame))).ShouldBeEquivalentTo(frame);
    }

    [Fact]
    public void A_line_of_JSON_stays_readable_in_its_frame()
    {
        var json = Json(w => FrameJson.Write(w, new ToService.Output("agent", 1, 2, OutputKind.Line, """{"a":"ü"}""", null)));

        json.GetRawText().ShouldBe("""{"type":"output","process":"agent","reader":1,"number":2,"kind":0,"text":"{\"a\":\"ü\"}"}""");
    }

    [Fact]
    public void A_frame_of_a_later_version_is_passed_over() =>
        FrameParser.ToService(JsonElement.Parse("""{"type":"hologram","process":"agent"}""")).ShouldBe(new ToService());

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"type":"done"}""")]
    [InlineData("""{"type":"output","process":"agent","reader":"1"}""")]
    public void What_is_no_frame_is_refused(string json) => Should.Throw<JsonException>(() => FrameParser.ToService(JsonElement.Parse(json)));

    static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, FrameJson.Options)) write(writer);
        return JsonElement.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
