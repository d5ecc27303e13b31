using System.Text.Json;
using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Tests;

public sealed class WireTests
{
    [Fact]
    public void A_line_of_JSON_stays_readable_in_its_frame()
    {
        var frame = new ToService.Output("agent", 1, 2, OutputKind.Line, """{"a":"ü"}""", null);

        var json = JsonSerializer.Serialize(frame, Frames.Json.ToService);

        json.ShouldBe("""{"type":"output","process":"agent","reader":1,"number":2,"kind":0,"text":"{\"a\":\"ü\"}"}""");
    }

    [Fact]
    public void A_frame_comes_back_as_what_it_was()
    {
        ToSidecar frame = new ToSidecar.Acknowledge("agent", 5);

        var json = JsonSerializer.Serialize(frame, Frames.Json.ToSidecar);

        JsonSerializer.Deserialize(json, Frames.Json.ToSidecar).ShouldBe(frame);
    }

    [Fact]
    public void A_frame_of_a_later_version_is_passed_over() =>
        JsonSerializer.Deserialize("""{"type":"hologram","process":"agent"}""", Frames.Json.ToService).ShouldBe(new ToService());
}
