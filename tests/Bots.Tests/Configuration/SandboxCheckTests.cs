using Bots.Engine.Sandboxes;
using Bots.Sandbox;
using Bots.Sandboxes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Tests.Configuration;

public sealed class SandboxCheckTests
{
    [Theory]
    [InlineData("other", "Sandbox:IdleTimeout", "Sandbox:Provider")]
    [InlineData("broken", "Sandbox:IdleTimeout", "Sandbox:Provider")]
    public void All_that_is_wrong_is_told_at_once(string provider, params string[] keys) =>
        new SandboxCheck(new SandboxOptions { Provider = provider, IdleTimeout = TimeSpan.Zero }, new Broken(), NullLogger<SandboxCheck>.Instance).Check().Select(problem => problem.Key).ShouldBe(keys);

    private sealed class Broken : ISandboxProvider
    {
        public string Name => "broken";

        public Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<SandboxProblem>>([new("it is not there", "Install it.")]);

        public Task Start(SandboxSpec spec, CancellationToken cancellation) => throw new NotSupportedException();

        public Task Stop(SandboxId sandbox, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<LimitBreach>> Breaches(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
