using Bots.Sandbox.Docker;
using Bots.Sandbox.Docker.Api;
using Bots.Sandbox.Tests.Escapes;
using Bots.Sandbox.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Sandbox.Tests;

/// <summary>A real engine, where <c>./dev test</c> found or started one; otherwise these tests are skipped.</summary>
internal sealed class DockerUnderTest : IProviderUnderTest
{
    /// <summary>The engine's socket.</summary>
    const string Variable = "BOTS_TEST_DOCKER";

    /// <summary>As <c>tests/Sandbox.Tests/Docker/image.sh</c> makes it.</summary>
    public const string Image = "bots-test:latest";

    public static DockerUnderTest Instance
    {
        get
        {
            Assert.SkipUnless(Socket is { Length: > 0 }, $"There is no Docker engine: {Variable} names no socket.");
            return field;
        }
    } = new();

    public static string? Socket { get; } = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Each folder of state stands for an installation of its own.</summary>
    public static DockerOptions Options(string stateDirectory, string controlDirectory) => new()
    {
        Socket = Socket.ShouldNotBeNull(),
        Image = Image,
        Instance = stateDirectory,
        ControlDirectory = controlDirectory,
    };

    public ISandboxProvider Create(string stateDirectory, string controlDirectory)
    {
        Directory.CreateDirectory(stateDirectory);
        return new DockerProvider(Options(stateDirectory, controlDirectory), TimeProvider.System, NullLogger<DockerProvider>.Instance);
    }

    public async Task<IReadOnlyList<string>> Left(string stateDirectory)
    {
        using var engine = new EngineClient(Socket.ShouldNotBeNull());
        var filter = DockerContainer.Filter(Options(stateDirectory, ""));
        var containers = await engine.Containers(filter, CancellationToken.None);
        var volumes = await engine.Volumes(filter, CancellationToken.None);
        return [.. containers.Select(container => $"container: {container.Id}"), .. volumes.Select(volume => $"volume: {volume.Name}")];
    }
}

public sealed class DockerExecTests : ExecContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerProcessTests : ProcessContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerReconnectTests : ReconnectContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerLifecycleTests : LifecycleContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerIsolationTests : IsolationContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerLimitsTests : LimitsContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerWorkspaceTests : WorkspaceContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerFileEscapeTests : FileEscapeContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerKernelEscapeTests : KernelEscapeContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerProcessEscapeTests : ProcessEscapeContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerNetworkEscapeTests : NetworkEscapeContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerControlEscapeTests : ControlEscapeContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerChurnTests : ChurnContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerActivityTests : ActivityContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerCommandTests : CommandContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerFloodTests : FloodContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerRegistrationTests : RegistrationContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerSignalTests : SignalContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}

public sealed class DockerTerminalTests : TerminalContract
{
    private protected override IProviderUnderTest Under => DockerUnderTest.Instance;
}
