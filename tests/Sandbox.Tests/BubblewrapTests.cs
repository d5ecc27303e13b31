using Bots.Sandbox.Bubblewrap;
using Bots.Sandbox.Tests.Escapes;
using Bots.Sandbox.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Sandbox.Tests;

internal sealed class BubblewrapUnderTest : IProviderUnderTest
{
    public static BubblewrapUnderTest Instance { get; } = new();

    public ISandboxProvider Create(string stateDirectory, string controlDirectory) => new BubblewrapProvider(
        new BubblewrapOptions { StateDirectory = stateDirectory, ControlDirectory = controlDirectory },
        TimeProvider.System,
        NullLogger<BubblewrapProvider>.Instance);

    public Task<IReadOnlyList<string>> Left(string stateDirectory) => Task.FromResult<IReadOnlyList<string>>(Directory.GetFiles(stateDirectory));
}

public sealed class BubblewrapExecTests : ExecContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapProcessTests : ProcessContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapReconnectTests : ReconnectContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapLifecycleTests : LifecycleContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapIsolationTests : IsolationContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapLimitsTests : LimitsContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapWorkspaceTests : WorkspaceContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

/// <summary>As on machines that mount no overlays.</summary>
public sealed class BubblewrapCopiedWorkspaceTests : WorkspaceContract
{
    private protected override IProviderUnderTest Under { get; } = new Copying();

    sealed class Copying : IProviderUnderTest
    {
        public ISandboxProvider Create(string stateDirectory, string controlDirectory) => new BubblewrapProvider(
            new BubblewrapOptions { StateDirectory = stateDirectory, ControlDirectory = controlDirectory, Overlays = false },
            TimeProvider.System,
            NullLogger<BubblewrapProvider>.Instance);

        public Task<IReadOnlyList<string>> Left(string stateDirectory) => BubblewrapUnderTest.Instance.Left(stateDirectory);
    }
}

public sealed class BubblewrapFloodTests : FloodContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapTerminalTests : TerminalContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapCommandTests : CommandContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapActivityTests : ActivityContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapRegistrationTests : RegistrationContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapSignalTests : SignalContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapFileEscapeTests : FileEscapeContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapKernelEscapeTests : KernelEscapeContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapProcessEscapeTests : ProcessEscapeContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapNetworkEscapeTests : NetworkEscapeContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapControlEscapeTests : ControlEscapeContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}

public sealed class BubblewrapChurnTests : ChurnContract
{
    private protected override IProviderUnderTest Under => BubblewrapUnderTest.Instance;
}
