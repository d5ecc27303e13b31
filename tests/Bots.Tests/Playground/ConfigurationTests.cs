using Bots.Playground;
using Bots.Playground.Service;
using Bots.Simulators.GitHub;
using Bots.Simulators.Slack;

namespace Bots.Tests.Playground;

public sealed class ConfigurationTests
{
    private static readonly Uri Script = new("http://127.0.0.1:1/v1");

    [Fact]
    public void Without_a_key_the_model_is_scripted()
    {
        var model = Choose([]);

        model.IsScripted.ShouldBeTrue();
        model.Environment["Models__Default"].ShouldBe("playground/scripted");
        model.Environment["Models__Providers__playground__BaseUrl"].ShouldBe("http://127.0.0.1:1/v1");
        model.Environment["Models__Providers__playground__ApiKey"].ShouldBe("key");
    }

    [Theory]
    [InlineData("ANTHROPIC_API_KEY", "anthropic", "Anthropic")]
    [InlineData("OPENAI_API_KEY", "openai", "OpenAI")]
    public void A_known_key_brings_its_provider(string variable, string provider, string kind)
    {
        var model = Choose(new() { [variable] = "real" });

        model.IsScripted.ShouldBeFalse();
        model.Environment[$"Models__Providers__{provider}__ApiKey"].ShouldBe("real");
        model.Environment[$"Models__Providers__{provider}__Kind"].ShouldBe(kind);
        model.Environment["Models__Default"].ShouldStartWith(provider + "/");
    }

    [Fact]
    public void The_model_of_a_known_provider_can_be_chosen() =>
        Choose(new() { ["ANTHROPIC_API_KEY"] = "real", ["Models__Default"] = "anthropic/other" }).Environment["Models__Default"].ShouldBe("anthropic/other");

    [Fact]
    public void Providers_of_the_environments_own_are_left_as_they_are()
    {
        var model = Choose(new() { ["Models__Providers__mine__ApiKey"] = "x", ["Models__Default"] = "mine/m", ["OPENAI_API_KEY"] = "y" });

        model.Environment.ShouldBeEmpty();
        model.Name.ShouldBe("mine/m");
    }

    [Fact]
    public async Task The_service_gets_the_simulators_and_nothing_of_somebody_elses()
    {
        await using var slack = await SlackSimulator.Start(new SlackSimulatorOptions());
        await using var github = await GitHubSimulator.Start(new GitHubSimulatorOptions());
        var inherited = new Dictionary<string, string> { ["PATH"] = "/bin", ["GitHub__Token"] = "mine", ["SLACK__APPTOKEN"] = "mine", ["Repositories__7__Name"] = "my/own", ["Urls"] = "http://0.0.0.0:80" };

        var environment = ServiceEnvironment.Of(inherited, Choose([]), slack, github, new Uri("http://127.0.0.1:2/"), "/data", "/agents");

        environment.Values.ShouldNotContain("mine");
        environment.Values.ShouldNotContain("my/own");
        environment["PATH"].ShouldBe("/bin");
        environment["Urls"].ShouldBe("http://127.0.0.1:2");
        environment["Slack__ApiUrl"].ShouldBe(slack.ApiUrl.AbsoluteUri);
        environment["GitHub__ApiUrl"].ShouldBe(github.ApiUrl.AbsoluteUri);
        environment["GitHub__PrivateKey"].ShouldBe(github.PrivateKey);
        environment["Repositories__0__Name"].ShouldBe(SampleRepositories.Calculator);
        environment["Repositories__0__Channels__0"].ShouldBe("calculator");
        environment.Keys.ShouldNotContain("Repositories__1__Channels__0");
    }

    [Fact]
    public void The_command_line_chooses_port_and_folder() =>
        PlaygroundOptions.Parse(["--port", "9000", "--data", "elsewhere"]).ShouldBe(new PlaygroundOptions { Port = 9000, DataDirectory = "elsewhere" });

    [Theory]
    [InlineData("--port")]
    [InlineData("--port", "many")]
    [InlineData("--colour", "red")]
    public void What_the_command_line_gets_wrong_is_told(params string[] args) =>
        Should.Throw<FormatException>(() => PlaygroundOptions.Parse(args));

    [Fact]
    public void The_data_folder_is_emptied_but_for_what_finds_leftovers()
    {
        var folder = Directory.CreateTempSubdirectory("playground-").FullName;
        ServiceData.Empty(folder);
        Directory.CreateDirectory(Path.Combine(folder, "sandboxes"));
        Directory.CreateDirectory(Path.Combine(folder, "sessions", "one"));
        File.WriteAllText(Path.Combine(folder, "bots.db"), "");
        File.WriteAllText(Path.Combine(folder, "instance"), "me");

        ServiceData.Empty(folder);

        Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order().ShouldBe([".playground", "instance", "sandboxes"]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_folder_with_other_files_is_never_emptied()
    {
        var folder = Directory.CreateTempSubdirectory("playground-").FullName;
        File.WriteAllText(Path.Combine(folder, "thesis.tex"), "");

        Should.Throw<InvalidOperationException>(() => ServiceData.Empty(folder)).Message.ShouldContain("--data");

        File.Exists(Path.Combine(folder, "thesis.tex")).ShouldBeTrue();
        Directory.Delete(folder, recursive: true);
    }

    private static ModelChoice Choose(Dictionary<string, string> environment) => ModelChoice.From(environment, Script, "key");
}
