using System.Text;
using System.Text.Json.Nodes;
using Bots.Engine;
using Bots.Engine.Forges;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;
using Bots.Simulators.Models;
using Microsoft.Extensions.DependencyInjection;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>Every kind of secret is in the service while an agent reads, asks, runs a command and pushes; then its sandbox is searched for them.</summary>
public sealed class SecretsTests
{
    [Theory]
    [InlineData("bubblewrap")]
    [InlineData("docker")]
    public async Task No_secret_of_the_service_is_anywhere_in_a_sandbox(string provider)
    {
        var mark = $"{Guid.NewGuid():N}";
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var starts = new List<SandboxSpec>();
        // Written in two halves, so that neither the command nor the model's script holds the word itself.
        await using var world = await Prepare(ModelScript.On(
            "^work",
            ModelStep.Say("I look.").AndCall("read", r => new JsonObject { ["filePath"] = Scripts.Resolve(r, "src/add.js") }),
            ModelStep.Say("I run.").AndCall("bash", new JsonObject
            {
                ["command"] = $"echo 'export const x = 1;' >> src/add.js; echo 'canary'-{mark} > ~/canary; env > ~/environment; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline > ~/processes 2>/dev/null; true",
                ["description"] = "Runs it",
            }),
            ModelStep.Say("It is done.")));
        if (provider == "docker") world.UseDocker();
        var planted = Plant(world, mark);
        world.Replace = services => Watch(services, starts);
        var variables = planted.Select((secret, i) => ($"BOTS_TEST_PLANTED_{mark}_{i}", secret.Value)).ToList();
        foreach (var (name, value) in variables) Environment.SetEnvironmentVariable(name, value);
        try
        {
            await world.StartService();
            await world.Mention("work on it");
            await world.ApproveUntil("1 file");
            world.GitHub.PullRequests(Calculator).ShouldHaveSingleItem();
            await AddMinted(world, planted);
            var spec = starts.ShouldHaveSingleItem();
            planted["registration token"] = spec.RegistrationToken;

            var (sidecar, others) = SecretSearch.Processes(spec.Id.Value);
            var agent = others.Single(p => SecretSearch.Environment(p).Contains("BOTS_TOKEN=", StringComparison.Ordinal) && File.ReadAllText($"/proc/{p}/cmdline").Contains("acp", StringComparison.Ordinal));
            var session = SecretSearch.Environment(agent).Split('\0').First(v => v.StartsWith("BOTS_TOKEN=", StringComparison.Ordinal))["BOTS_TOKEN=".Length..];

            // The sidecar's own token is in the sidecar, and in nothing else.
            var link = new SecretSearch(planted).Tokens(sidecar).Single(t => SidecarTokens.SessionOf(t) == session);
            var search = new SecretSearch(planted.Append(new("session token", session)).Append(new("canary", $"canary-{mark}")).Append(new("link token", link)).ToDictionary());

            search.InProcess(agent).Except(["canary"]).ShouldBe(["session token"]);
            // The registration token is spent: whoever finds it where the garbage collector left it can do nothing with it.
            search.InProcess(sidecar).Except(["canary", "registration token"]).ShouldBe(["session token", "link token"], ignoreOrder: true);
            foreach (var process in others) search.InProcess(process).Except(["canary", "session token"]).ShouldBeEmpty(File.ReadAllText($"/proc/{process}/cmdline"));
            var files = await search.InFiles(sidecar, before);
            files.ShouldContain("canary in /home/agent/canary");
            files.ShouldContain("session token in /home/agent/environment");
            files.ShouldContain("session token in /home/agent/processes");
            files.Where(f => !f.StartsWith("canary in", StringComparison.Ordinal) && !f.StartsWith("session token in", StringComparison.Ordinal)).ShouldBeEmpty();
        }
        finally
        {
            foreach (var (name, _) in variables) Environment.SetEnvironmentVariable(name, null);
        }
    }

    /// <summary>A service acts as an App or with a token, not both: the token is in its environment only.</summary>
    private static Dictionary<string, string> Plant(Installation world, string mark)
    {
        world.Settings["Api:Token"] = $"planted-api-token-{mark}";
        world.Settings["Models:Providers:behind:Kind"] = "Anthropic";
        world.Settings["Models:Providers:behind:BaseUrl"] = world.Models.BaseUrl.ToString();
        world.Settings["Models:Providers:behind:ApiKey"] = $"sk-ant-planted-{mark}";
        return new()
        {
            ["Slack's bot token"] = world.Slack.Options.BotToken,
            ["Slack's signing secret"] = world.Slack.Options.SigningSecret,
            ["GitHub's webhook secret"] = ForgeSecret,
            ["the App's private key"] = world.GitHub.PrivateKey!.Split('\n')[3].Trim(),
            ["a plain GitHub token"] = $"ghp_planted{mark}",
            ["an OpenAI key"] = ModelKey,
            ["an Anthropic key"] = world.Settings["Models:Providers:behind:ApiKey"]!,
            ["the API's token"] = world.Settings["Api:Token"]!,
        };
    }

    /// <summary>The one the push went out with: the service keeps it until it nears its end.</summary>
    private static async Task AddMinted(Installation world, Dictionary<string, string> planted)
    {
        var access = await world.Service!.Services.GetRequiredService<IForge>().Access(RepositoryName.Parse(Calculator), GitRight.Write, TestContext.Current.CancellationToken);
        var basic = access.Authorization.ShouldNotBeNull()["Basic ".Length..];
        planted["an installation token"] = Encoding.UTF8.GetString(Convert.FromBase64String(basic)).Split(':')[1];
        planted["an installation token, as git sends it"] = basic;
    }

    private static void Watch(IServiceCollection services, List<SandboxSpec> starts)
    {
        var real = services.Single(s => s.ServiceType == typeof(ISandboxProvider));
        services.Remove(real);
        services.AddSingleton<ISandboxProvider>(provider => new Watched((ISandboxProvider)real.ImplementationFactory!(provider), starts));
    }

    private sealed class Watched(ISandboxProvider real, List<SandboxSpec> starts) : ISandboxProvider
    {
        public string Name => real.Name;

        public Task<IReadOnlyList<SandboxProblem>> Check(CancellationToken cancellation) => real.Check(cancellation);

        public Task Start(SandboxSpec spec, CancellationToken cancellation)
        {
            starts.Add(spec);
            return real.Start(spec, cancellation);
        }

        public Task Stop(SandboxId sandbox, CancellationToken cancellation) => real.Stop(sandbox, cancellation);

        public Task<IReadOnlyList<RunningSandbox>> List(CancellationToken cancellation) => real.List(cancellation);

        public Task<IReadOnlyList<LimitBreach>> Breaches(CancellationToken cancellation) => real.Breaches(cancellation);
    }
}
