using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bots.Sandbox.Wire;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ToSidecar))]
[JsonSerializable(typeof(ToService))]
[JsonSerializable(typeof(Registered))]
internal sealed partial class WireJson : JsonSerializerContext;

internal static class Frames
{
    /// <summary>Agents speak JSON themselves: the default encoder would turn each of its quotes into six bytes.</summary>
    public static WireJson Json { get; } = new(new JsonSerializerOptions(WireJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>The answer to a registration.</summary>
internal sealed record Registered(string SessionToken);
