using System.Collections.Concurrent;
using System.Net;
using Bots.Sandbox.Docker.Api;
using Bots.Sandbox.Linux;
using Microsoft.Extensions.Logging;

namespace Bots.Sandbox.Docker;

/// <summary>
/// Sandboxes made of containers by a Docker engine, or by Podman's compatible socket, on this machine. All that is known of them the engine
/// keeps, in labels. Sandboxes outlive the service.
/// <para>
/// The sidecar and the .NET installation are bound from the host, read-only: so they are always the versions this service has, whatever the image.
/// </para>
/// </summary>
public sealed partial class DockerProvider : ISandboxProvider, IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    readonly DockerOptions _options;
    readonly TimeProvider _time;
    readonly ILogger _logger;
    readonly EngineClient _engine;
    readonly DockerLimits _limits;
    readonly DockerLaunch _launch;
    readonly ConcurrentDictionary<SandboxId, bool> _starting = [];

    /// <summary>Does not look for the engine yet.</summary>
    public DockerProvider(DockerOptions options, TimeProvider time, ILogger<DockerProvider> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _engine = new EngineClient(options.Socket);
        _limits = new DockerLimits(_engine, options, time);
        _launch = new DockerLaunch(_engine, options, time, logger);
    }

    public string Name => "docker";

    public Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation) => DockerCheck.Run(_options, _engine, cancellation);

    public async Task Start(SandboxSpec spec, CancellationToken cancellation)
    {
        ThrowIfMissing(spec);
        if (!_starting.TryAdd(spec.Id, true)) throw new InvalidOperationException($"Sandbox {spec.Id} is being started already.");

        var start = _time.GetTimestamp();
        try
        {
            var container = await _launch.Run(spec, cancellation);
            _limits.Started(spec.Id, container);
            LogStarted(spec.Id, _time.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (EngineException taken) when (taken.Status == HttpStatusCode.Conflict)
        {
            throw new InvalidOperationException($"Sandbox {spec.Id} runs already.", taken);
        }
        catch (Exception failure)
        {
            await Discard(spec.Id);
            throw Translate(failure, spec, cancellation);
        }
        finally
        {
            _starting.TryRemove(spec.Id, out _);
        }
    }

    public async Task Stop(SandboxId sandbox, CancellationToken cancellation)
    {
        try
        {
            if (await Remove(sandbox, cancellation)) LogStopped(sandbox);
        }
        catch (EngineException failure)
        {
            throw DockerFailures.Translate(failure, _options.Socket, SandboxFailure.Unavailable);
        }
    }

    public async Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation)
    {
        try
        {
            // Volumes first: one that is made meanwhile, with its container, is not among them.
            var volumes = await _engine.Volumes(DockerContainer.Filter(_options), cancellation);
            var containers = await _engine.Containers(DockerContainer.Filter(_options), cancellation);
            await Sweep(containers, volumes, cancellation);
            return [.. containers.Where(c => c.State is "running" or "paused").Select(c => DockerContainer.Sandbox(c.Labels)).OfType<RunningSandbox>()];
        }
        catch (EngineException failure)
        {
            throw DockerFailures.Translate(failure, _options.Socket, SandboxFailure.Unavailable);
        }
    }

    public async Task<IReadOnlyList<LimitBreach>> Breaches(CancellationToken cancellation)
    {
        try
        {
            return await _limits.Look(cancellation);
        }
        catch (EngineException failure)
        {
            throw DockerFailures.Translate(failure, _options.Socket, SandboxFailure.Unavailable);
        }
    }

    public void Dispose()
    {
        _launch.Dispose();
        _limits.Dispose();
        _engine.Dispose();
    }

    async Task Sweep(IReadOnlyList<ContainerSummary> containers, IReadOnlyList<VolumeDetails> volumes, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        foreach (var container in containers)
        {
            if (DockerContainer.Sandbox(container.Labels) is not { } sandbox || !DockerLeftovers.IsLeft(container, _starting.ContainsKey(sandbox.Id), _options.StartTimeout * 2, now)) continue;

            await Cleared(sandbox.Id, async () =>
            {
                await _limits.LookOnceMore(sandbox.Id, container, cancellation);
                await Remove(sandbox.Id, cancellation);
                LogLeft(sandbox.Id);
            });
        }

        foreach (var volume in volumes)
        {
            if (DockerContainer.Sandbox(volume.Labels) is { } sandbox && DockerLeftovers.IsLeft(sandbox.Id, containers, _starting.ContainsKey(sandbox.Id)))
                await Cleared(sandbox.Id, () => _engine.RemoveVolume(volume.Name, cancellation));
        }
    }

    /// <summary>What the engine cannot remove now is tried again next time; the others do not wait for it.</summary>
    async Task Cleared(SandboxId sandbox, Func<Task> clear)
    {
        try
        {
            await clear();
        }
        catch (Exception problem) when (problem is EngineException or SandboxException)
        {
            LogStays(problem, sandbox);
        }
    }

    async Task<bool> Remove(SandboxId sandbox, CancellationToken cancellation)
    {
        var name = DockerContainer.Name(sandbox);
        var was = await _engine.Inspect(name, cancellation) is not null;
        if (was) await Until(() => _engine.Remove(name, cancellation), name, cancellation);
        await Until(() => _engine.RemoveVolume(name, cancellation), name, cancellation);
        _limits.Stopped(sandbox);
        return was;
    }

    async Task Until(Func<Task<bool>> gone, string name, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        while (!await gone())
        {
            if (_time.GetElapsedTime(began) > _options.StopTimeout) throw new EngineException(EngineFailure.Broken, $"{name} is still there after {_options.StopTimeout.TotalSeconds:0} s");
            await Task.Delay(Interval, _time, cancellation);
        }
    }

    /// <summary>What a start that failed has left; the failure itself is what people are told.</summary>
    async Task Discard(SandboxId sandbox)
    {
        try
        {
            await Remove(sandbox, CancellationToken.None);
        }
        catch (EngineException failure)
        {
            LogNotDiscarded(failure, sandbox);
        }
    }

    Exception Translate(Exception failure, SandboxSpec spec, CancellationToken cancellation) => failure switch
    {
        EngineException { Status: HttpStatusCode.NotFound } missing when missing.Message.Contains("image", StringComparison.OrdinalIgnoreCase) =>
            DockerFailures.ImageMissing(spec.Image ?? _options.Image, _options.Socket),
        EngineException engine => DockerFailures.Translate(engine, _options.Socket, SandboxFailure.DidNotStart),
        OperationCanceledException when cancellation.IsCancellationRequested => failure,
        OperationCanceledException => new SandboxException(SandboxFailure.DidNotStart, "The sandbox's sidecar did not come up in time.", failure),
        IOException { HResult: 28 or unchecked((int)0x80070070) } => new SandboxException(SandboxFailure.DiskFull, "No space is left on the disk.", failure),
        IOException or UnauthorizedAccessException => new SandboxException(SandboxFailure.DidNotStart, $"The sandbox did not start: {failure.Message}", failure),
        _ => failure,
    };

    static void ThrowIfMissing(SandboxSpec spec)
    {
        string?[] needed = [spec.Workspace, spec.Tree, spec.Home, spec.ControlDirectory, .. spec.ReadOnly.Keys];
        if (needed.FirstOrDefault(p => p is not null && !Path.Exists(p)) is { } missing)
            throw new SandboxException(SandboxFailure.DidNotStart, $"The sandbox did not start: {missing} does not exist.");
    }

    [LoggerMessage(LogLevel.Information, "Sandbox {Sandbox} started in {Milliseconds:0} ms")]
    private partial void LogStarted(SandboxId sandbox, double milliseconds);

    [LoggerMessage(LogLevel.Information, "Sandbox {Sandbox} stopped")]
    private partial void LogStopped(SandboxId sandbox);

    [LoggerMessage(LogLevel.Information, "What sandbox {Sandbox} left behind is removed")]
    private partial void LogLeft(SandboxId sandbox);

    [LoggerMessage(LogLevel.Warning, "What is left of sandbox {Sandbox} could not be cleared away; it is tried again")]
    private partial void LogStays(Exception problem, SandboxId sandbox);

    [LoggerMessage(LogLevel.Warning, "What was made for sandbox {Sandbox}, which did not start, could not be removed; it will be when sandboxes are listed")]
    private partial void LogNotDiscarded(Exception failure, SandboxId sandbox);
}
