using Bots.Engine.Sandboxes;
using Bots.Faults.World;
using Bots.Sandbox;
using Bots.Sandbox.Bubblewrap;
using Bots.Sandbox.Docker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Faults.Tests;

public sealed class BubblewrapSandboxesTests : RunSandboxesContract
{
    private protected override (ISandboxProvider Service, RunSandboxes Sandboxes) Make(SandboxPaths paths) =>
        (new BubblewrapProvider(BubblewrapSandboxes.Options(paths), TimeProvider.System, NullLogger<BubblewrapProvider>.Instance), new BubblewrapSandboxes(paths));
}

/// <summary>Where <c>./dev test</c> has found or started an engine.</summary>
public sealed class DockerSandboxesTests : RunSandboxesContract
{
    private protected override (ISandboxProvider Service, RunSandboxes Sandboxes) Make(SandboxPaths paths)
    {
        var socket = Environment.GetEnvironmentVariable("BOTS_TEST_DOCKER");
        Assert.SkipUnless(socket is { Length: > 0 }, "There is no Docker engine: BOTS_TEST_DOCKER names no socket.");
        var options = DockerSandboxes.Options(paths) with { Socket = socket, Image = "bots-test:latest" };
        return (new DockerProvider(options, TimeProvider.System, NullLogger<DockerProvider>.Instance), new DockerSandboxes(options));
    }
}
