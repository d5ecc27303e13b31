using Bots.Sandbox.Docker.Api;
using Bots.Sandbox.Linux;
using Bots.Sandbox.Linux.Trees;
using Bots.Sandbox.Wire;
using Microsoft.Extensions.Logging;

namespace Bots.Sandbox.Docker;

/// <summary>From a specification to a container in which the sidecar runs. Whatever fails, what was made until then is the caller's to remove.</summary>
internal sealed partial class DockerLaunch(EngineClient engine, DockerOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    const int MostLines = 50;
    const string VolumeNotMounted = "failed to mount local volume";
    readonly SemaphoreSlim _giving = new(1);
    EngineInfo? _info;
    bool _noOverlays;

    /// <returns>The container's id.</returns>
    public async Task<string> Run(SandboxSpec spec, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var isNew = spec.Tree is not null && TreeWorkspace.Find(spec.Workspace) is null;
        try
        {
            return await Run(spec, await Prepared(spec, cancellation), either.Token);
        }
        catch (EngineException failure) when (isNew && !_noOverlays && failure.Message.Contains(VolumeNotMounted, StringComparison.Ordinal))
        {
            LogNoOverlays(failure.Message);
            _noOverlays = true;
            await engine.Remove(DockerContainer.Name(spec.Id), cancellation);
            await engine.RemoveVolume(DockerContainer.Name(spec.Id), cancellation);
            TreeWorkspace.Forget(spec.Workspace);
            return await Run(spec, await Prepared(spec, cancellation), either.Token);
        }
    }

    public void Dispose() => _giving.Dispose();

    async Task<Prepared> Prepared(SandboxSpec spec, CancellationToken cancellation)
    {
        var version = await engine.Version(cancellation);
        if (version.IsTooOld) throw DockerFailures.TooOld(version);

        // What an engine can do does not change; asking takes it longer than all the rest.
        var info = _info ??= await engine.Info(cancellation);
        var image = await engine.Image(spec.Image ?? options.Image, cancellation) ?? throw DockerFailures.ImageMissing(spec.Image ?? options.Image, options.Socket);
        var user = DockerUser.For(version, info);
        var workspace = await DockerWorkspace.Prepare(spec, options, overlays: !_noOverlays && !info.HasSecurity("rootless"), cancellation);
        if (user.Owns) await Give(user, [workspace.Folder, spec.Home, .. spec.Tree is { } tree ? [tree] : (string[])[]], cancellation);
        return new Prepared(DockerContainer.For(spec, options, user, workspace, image, info), workspace.Volume);
    }

    async Task<string> Run(SandboxSpec spec, Prepared prepared, CancellationToken cancellation)
    {
        if (prepared.Volume is { } volume) await engine.CreateVolume(volume, cancellation);
        var name = DockerContainer.Name(spec.Id);
        var created = await engine.Create(name, prepared.Container, cancellation);
        foreach (var warning in created.Warnings ?? []) LogWarning(warning);

        using var streams = await engine.Attach(name, cancellation);
        await engine.Start(name, cancellation);
        await streams.WriteLine(spec.RegistrationToken, cancellation);
        List<string> said = [];
        while (await streams.ReadLine(cancellation) is { } line)
        {
            if (line == Protocol.Ready) return created.Id;
            if (said.Count < MostLines) said.Add(line);
        }

        var state = (await engine.Inspect(name, cancellation))?.State;
        var why = string.Join(' ', said.Append(state?.Error).Where(w => !string.IsNullOrWhiteSpace(w)));
        throw new SandboxException(SandboxFailure.DidNotStart, $"The sandbox did not start, its first process ended with {state?.ExitCode}: {why}".TrimEnd(' ', ':'));
    }

    /// <summary>One at a time: sandboxes share trees.</summary>
    async Task Give(DockerUser user, IEnumerable<string> folders, CancellationToken cancellation)
    {
        await _giving.WaitAsync(cancellation);
        try
        {
            foreach (var folder in folders) await FileOwner.Give(folder, user.User, user.Group, cancellation);
        }
        finally
        {
            _giving.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The Docker engine warns: {Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(LogLevel.Warning, "Prepared repositories are copied for each session, which takes longer: the Docker engine cannot mount an overlay here ({Refusal})")]
    private partial void LogNoOverlays(string refusal);
}

/// <param name="Volume">To be made first; null for none.</param>
internal sealed record Prepared(CreateContainer Container, CreateVolume? Volume);
