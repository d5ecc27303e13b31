using Bots.Configuration;
using Bots.Engine.Sandboxes;
using Bots.Sandbox;
using Bots.Sandboxes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Tests.Configuration;

public sealed class SandboxCheckTests
{
    [Theory]
    [InlineData("other", "Sandbox:IdleTimeout", "Sandbox:Provider")]
    [InlineData("broken", "Sandbox:IdleTimeout", "Sandbox:Provider")]
    public void All_that_is_wrong_is_told_at_once(string provider, params string[] keys) =>
        new SandboxCheck(new SandboxOptions { Provider = provider, IdleTimeout = TimeSpan.Zero }, new Broken(), NullLogger<SandboxCheck>.Instance).Check().Select(problem => problem.Key).ShouldBe(keys);

    [Theory]
    [InlineData("node 22")]
    [InlineData("")]
    [InlineData("https://ghcr.io/acme")]
    public void What_is_no_pattern_of_an_image_is_told(string image) =>
        new SandboxCheck(new SandboxOptions { Provider = "docker", Images = ["node:*", "*", "ghcr.io/acme/*", image] }, new Broken(), NullLogger<SandboxCheck>.Instance).Check()
            .Where(problem => problem.Key == "Sandbox:Docker:Images").ShouldHaveSingleItem().Problem.ShouldBe($"'{image}' is no pattern of an image");

    [Fact]
    public void Repositories_may_name_the_default_image_and_those_the_operator_lists()
    {
        using var services = With(("Sandbox:Image", "acme:1"), ("Sandbox:Docker:Images:0", "node:*"));
        using var silent = With();

        services.GetRequiredService<SandboxOptions>().Images.ShouldBe(["acme:1", "node:*"]);
        silent.GetRequiredService<SandboxOptions>().Images.ShouldBe(["bots-sandbox:latest"]);
    }

    private static ServiceProvider With(params (string Key, string? Value)[] settings)
    {
        var configuration = Configured.With(settings);
        return new ServiceCollection().AddSingleton(configuration).AddConfiguration(configuration).AddSandboxes(configuration)
            .AddSingleton(new SandboxPaths("/data")).BuildServiceProvider();
    }

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
