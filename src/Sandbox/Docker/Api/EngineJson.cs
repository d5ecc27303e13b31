using System.Text.Json.Serialization;

namespace Bots.Sandbox.Docker.Api;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngineError))]
[JsonSerializable(typeof(EngineVersion))]
[JsonSerializable(typeof(EngineInfo))]
[JsonSerializable(typeof(EngineEvent))]
[JsonSerializable(typeof(ImageDetails))]
[JsonSerializable(typeof(CreateContainer))]
[JsonSerializable(typeof(CreatedContainer))]
[JsonSerializable(typeof(ContainerDetails))]
[JsonSerializable(typeof(ContainerStatistics))]
[JsonSerializable(typeof(IReadOnlyList<ContainerSummary>))]
[JsonSerializable(typeof(CreateVolume))]
[JsonSerializable(typeof(VolumeDetails))]
[JsonSerializable(typeof(VolumeList))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class EngineJson : JsonSerializerContext;
