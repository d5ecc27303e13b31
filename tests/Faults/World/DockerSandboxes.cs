using Bots.Engine.Sandboxes;
using Bots.Sandbox;
using Bots.Sandbox.Docker;
using Bots.Sandbox.Docker.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Faults.World;

/// <summary>Sandboxes that are containers, told from all others of the engine by the run's folder, which they bear as a label. The engine sends the signals.</summary>
internal sealed class DockerSandboxes(DockerOptions options) : RunSandboxes(new DockerProvider(options, TimeProvider.System, NullLogger<DockerProvider>.Instance))
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly EngineClient _engine = new(options.Socket);
    private readonly EngineHttp _http = new(options.Socket);

    /// <summary>The engine and the image are those of a service that is told of none.</summary>
    public static DockerOptions Options(SandboxPaths paths) => new() { Instance = paths.DataDirectory, ControlDirectory = paths.ControlDirectory };

    public override async Task<bool> SeenStarting(TimeSpan patience)
    {
        var (known, begun) = ((await Containers()).Select(c => c.Id).ToHashSet(StringComparer.Ordinal), TimeProvider.System.GetTimestamp());
        for (; TimeProvider.System.GetElapsedTime(begun) < patience; await Task.Delay(Look, TimeProvider.System))
        {
            if (!(await Containers()).All(container => known.Contains(container.Id))) return true;
        }

        return false;
    }

    public override async Task<IReadOnlyList<string>> Left() =>
        [.. (await Containers()).Select(c => $"container: {Sandbox(c.Labels)}, {c.State}"), .. (await Volumes()).Select(v => $"volume: {v.Name}")];

    public override void Dispose()
    {
        base.Dispose();
        _http.Dispose();
        _engine.Dispose();
    }

    protected override async Task<IReadOnlyList<SandboxId>> Known() =>
        [.. (await Containers()).Select(c => Sandbox(c.Labels)).Concat((await Volumes()).Select(v => Sandbox(v.Labels))).OfType<SandboxId>().Distinct()];

    protected override async Task<bool> Send(Signal signal, SandboxId sandbox)
    {
        var call = signal switch { Signal.Kill => "kill", Signal.Stop => "pause", _ => "unpause" };
        try
        {
            await _http.Post($"containers/{DockerContainer.Name(sandbox)}/{call}", CancellationToken.None);
            return true;
        }
        catch (EngineException gone) when (gone.Failure == EngineFailure.Refused)
        {
            return false;
        }
    }

    private Task<IReadOnlyList<ContainerSummary>> Containers() => _engine.Containers(DockerContainer.Filter(options), CancellationToken.None);

    private Task<IReadOnlyList<VolumeDetails>> Volumes() => _engine.Volumes(DockerContainer.Filter(options), CancellationToken.None);

    private static SandboxId? Sandbox(IReadOnlyDictionary<string, string>? labels) => DockerContainer.Sandbox(labels)?.Id;
}
