using System.Net;
using System.Text.Json;

namespace Bots.Sandbox.Docker.Api;

/// <summary>
/// The calls of the Docker Engine API that sandboxes need (https://docs.docker.com/reference/api/engine/), as Docker since 20.10 and
/// Podman's compatible socket answer them. Every call throws <see cref="EngineException"/>.
/// </summary>
/// <param name="socket">The path of its Unix socket.</param>
internal sealed class EngineClient(string socket) : IDisposable
{
    readonly EngineHttp _http = new(socket);

    public Task<EngineVersion> Version(CancellationToken cancellation) => _http.Version(cancellation);

    public Task<EngineInfo> Info(CancellationToken cancellation) => _http.Get("info", EngineJson.Default.EngineInfo, cancellation);

    /// <returns>Null when there is no such image.</returns>
    public Task<ImageDetails?> Image(string name, CancellationToken cancellation) =>
        OrNull(() => _http.Get($"images/{Escape(name)}/json", EngineJson.Default.ImageDetails, cancellation));

    public Task<CreatedContainer> Create(string name, CreateContainer container, CancellationToken cancellation) =>
        _http.Post($"containers/create?name={Escape(name)}", container, EngineJson.Default.CreateContainer, EngineJson.Default.CreatedContainer, cancellation);

    /// <summary>Takes hold of a container's standard streams; best before it starts.</summary>
    public async Task<ContainerStreams> Attach(string container, CancellationToken cancellation)
    {
        var (response, stream) = await _http.Upgrade($"containers/{Escape(container)}/attach?stream=1&stdin=1&stdout=1&stderr=1", cancellation);
        return new ContainerStreams(response, stream);
    }

    public Task Start(string container, CancellationToken cancellation) => _http.Post($"containers/{Escape(container)}/start", cancellation);

    /// <returns>Null when there is no such container.</returns>
    public Task<ContainerDetails?> Inspect(string container, CancellationToken cancellation) =>
        OrNull(() => _http.Get($"containers/{Escape(container)}/json", EngineJson.Default.ContainerDetails, cancellation));

    /// <summary>All containers with a label, running or not.</summary>
    public Task<IReadOnlyList<ContainerSummary>> Containers(string label, CancellationToken cancellation) =>
        _http.Get($"containers/json?all=1&filters={Filter(("label", label))}", EngineJson.Default.IReadOnlyListContainerSummary, cancellation);

    /// <summary>Processes and threads in a running container.</summary>
    /// <returns>Null when there is no such container.</returns>
    public Task<ContainerStatistics?> Statistics(string container, CancellationToken cancellation) =>
        OrNull(() => _http.Get($"containers/{Escape(container)}/stats?stream=false&one-shot=true", EngineJson.Default.ContainerStatistics, cancellation));

    /// <summary>The kills for want of memory in containers with a label, in a span of time that is over.</summary>
    public async Task<IReadOnlyList<EngineEvent>> OutOfMemory(string label, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellation)
    {
        var text = await _http.GetText($"events?since={Seconds(since)}&until={Seconds(until)}&filters={Filter(("type", "container"), ("event", "oom"), ("label", label))}", cancellation);
        try
        {
            return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize(line, EngineJson.Default.EngineEvent)!)];
        }
        catch (JsonException malformed)
        {
            throw new EngineException(EngineFailure.Broken, $"it told of something else than events: {malformed.Message}", malformed);
        }
    }

    /// <summary>Kills and removes a container with its anonymous volumes.</summary>
    /// <returns>True once it is gone; false while somebody else is removing it.</returns>
    public async Task<bool> Remove(string container, CancellationToken cancellation) =>
        await _http.Delete($"containers/{Escape(container)}?force=1&v=1", cancellation, HttpStatusCode.NotFound, HttpStatusCode.Conflict) != HttpStatusCode.Conflict;

    public Task<VolumeDetails> CreateVolume(CreateVolume volume, CancellationToken cancellation) =>
        _http.Post("volumes/create", volume, EngineJson.Default.CreateVolume, EngineJson.Default.VolumeDetails, cancellation);

    public async Task<IReadOnlyList<VolumeDetails>> Volumes(string label, CancellationToken cancellation) =>
        (await _http.Get($"volumes?filters={Filter(("label", label))}", EngineJson.Default.VolumeList, cancellation)).Volumes ?? [];

    /// <returns>True once it is gone; false while something uses it.</returns>
    public async Task<bool> RemoveVolume(string name, CancellationToken cancellation) =>
        await _http.Delete($"volumes/{Escape(name)}?force=1", cancellation, HttpStatusCode.NotFound, HttpStatusCode.Conflict) != HttpStatusCode.Conflict;

    public void Dispose() => _http.Dispose();

    static string Escape(string part) => Uri.EscapeDataString(part);

    static string Filter(params (string Key, string Value)[] filters) =>
        Escape(JsonSerializer.Serialize(filters.ToDictionary(f => f.Key, f => (string[])[f.Value]), EngineJson.Default.DictionaryStringStringArray));

    static string Seconds(DateTimeOffset time)
    {
        // Whole nanoseconds as the engine reads them: seconds, a point, nine digits.
        var ticks = time.ToUniversalTime().Ticks - DateTimeOffset.UnixEpoch.Ticks;
        return $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:D9}";
    }

    static async Task<T?> OrNull<T>(Func<Task<T>> call) where T : class
    {
        try
        {
            return await call();
        }
        catch (EngineException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
