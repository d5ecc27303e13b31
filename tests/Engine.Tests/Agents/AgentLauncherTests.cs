using System.Text.Json.Nodes;
using Bots.Engine.Agents;
using Bots.Engine.Agents.Known;
using Bots.Engine.Models;

namespace Bots.Engine.Tests.Agents;

public sealed class AgentLauncherTests
{
    private const string ProviderKey = "sk-of-the-provider";

    [Theory]
    [InlineData("opencode", "paid/m")]
    [InlineData("claude", "anthropic/m")]
    [InlineData("codex", "paid/m")]
    public void No_agent_is_given_a_providers_key(string agent, string model)
    {
        var process = Launcher().Start(agent, model).Process;

        string.Join('\n', process.Arguments.Concat(process.Environment.Values)).ShouldNotContain(ProviderKey);
    }

    [Fact]
    public void OpenCode_finds_every_provider_on_the_gateway()
    {
        var configuration = JsonNode.Parse(Launcher().Start("opencode", "anthropic/m").Process.Environment["OPENCODE_CONFIG_CONTENT"])!;

        configuration["model"]!.GetValue<string>().ShouldBe("anthropic/m");
        configuration["provider"]!["anthropic"]!["options"]!["baseURL"]!.GetValue<string>().ShouldBe("http://127.0.0.1:7070/llm/anthropic/v1");
        configuration["provider"]!["paid"]!["options"]!["baseURL"]!.GetValue<string>().ShouldBe("http://127.0.0.1:7070/llm/paid");
        configuration["permission"]!["bash"]!.GetValue<string>().ShouldBe("ask");
    }

    [Fact]
    public void Claude_gets_the_session_token_inside_and_reads_no_settings_of_the_repository()
    {
        var launch = Launcher().Start("claude", "anthropic/m");

        launch.Process.Command.ShouldBe("/bin/sh");
        launch.Process.Arguments.ShouldContain("ANTHROPIC_API_KEY=\"$BOTS_TOKEN\" exec \"$0\" \"$@\"");
        launch.Process.Arguments[^1].ShouldEndWith("/dist/index.js");
        launch.Process.Environment["ANTHROPIC_BASE_URL"].ShouldBe("http://127.0.0.1:7070/llm/anthropic");
        launch.Process.Environment["ANTHROPIC_MODEL"].ShouldBe("m");
        launch.SessionMeta!["claudeCode"]!["options"]!["settingSources"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public void Codex_asks_and_leaves_the_sandbox_to_us()
    {
        var arguments = Launcher().Start("codex", "paid/a\"b").Process.Arguments;

        arguments.ShouldContain("model=\"a\\u0022b\"");
        arguments.ShouldContain("""model_providers.gateway={ name = "paid", base_url = "http://127.0.0.1:7070/llm/paid", env_key = "BOTS_TOKEN", wire_api = "responses" }""");
        arguments.ShouldContain("approval_policy=\"untrusted\"");
        arguments.ShouldContain("sandbox_mode=\"danger-full-access\"");
    }

    [Theory]
    [InlineData("claude", "paid/m", "anthropic")]
    [InlineData("codex", "anthropic/m", "free or paid")]
    [InlineData("codex", "nobody/m", "free or paid")]
    public void A_model_of_the_wrong_protocol_is_refused_with_the_mend(string agent, string model, string mend) =>
        Should.Throw<AgentException>(() => Launcher().Start(agent, model)).Message.ShouldContain($"Set Models:Default to a model of {mend}");

    [Fact]
    public void Without_a_model_somebody_who_speaks_the_protocol_is_taken() =>
        Launcher().Start("codex", null).Process.Arguments.ShouldContain(a => a.Contains("/llm/free", StringComparison.Ordinal));

    [Fact]
    public void An_entry_of_a_known_kind_is_configured_like_it_and_its_own_environment_wins()
    {
        var process = Launcher().Start("mine", "anthropic/m").Process;

        process.Arguments.TakeLast(2).ShouldBe(["/opt/mine", "--fast"]);
        process.Environment["DISABLE_TELEMETRY"].ShouldBe("0");
    }

    [Fact]
    public void An_agent_nobody_knows_is_told_what_there_is()
    {
        var process = Launcher().Start("stranger", "paid/m").Process;

        (process.Command, process.Environment["BOTS_MODEL"]).ShouldBe(("/opt/stranger", "paid/m"));
        process.Environment.Keys.ShouldNotContain("OPENCODE_CONFIG_CONTENT");
    }

    private static AgentLauncher Launcher()
    {
        var entries = KnownAgent.All.Values.ToDictionary(a => a.Name, a => a.Installed);
        entries["mine"] = new() { Kind = "claude", Command = "/opt/mine", Arguments = ["--fast"], Environment = new Dictionary<string, string> { ["DISABLE_TELEMETRY"] = "0" } };
        entries["stranger"] = new() { Command = "/opt/stranger" };
        return new AgentLauncher(new AgentsOptions { Directory = "/opt", Entries = entries }, new ModelProviders(new ModelsOptions
        {
            Providers = new Dictionary<string, ModelProviderOptions>
            {
                ["paid"] = new() { Kind = ModelKind.OpenAI, BaseUrl = new Uri("https://paid.example/v1"), ApiKey = ProviderKey },
                ["free"] = new() { Kind = ModelKind.OpenAI, BaseUrl = new Uri("https://free.example/v1") },
                ["anthropic"] = new() { ApiKey = ProviderKey },
            },
        }));
    }
}
