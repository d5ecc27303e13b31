using System.Security.Cryptography;
using Bots.Configuration;
using Bots.GitHub;
using Microsoft.Extensions.Configuration;

namespace Bots.Tests.GitHub;

public class GitHubOptionsCheckTests
{
    [Fact]
    public void Nothing_set_is_fine_and_leaves_GitHub_off()
    {
        Check().ShouldBeEmpty();
        GitHubOptions.IsEnabled(Configuration()).ShouldBeFalse();
    }

    [Fact]
    public void A_whole_App_is_fine() =>
        Check(("GitHub:AppId", "7"), ("GitHub:PrivateKey", GitHubKit.PrivateKey), ("GitHub:WebhookSecret", "s")).ShouldBeEmpty();

    [Fact]
    public void A_key_on_one_line_is_fine() =>
        Check(("GitHub:AppId", "7"), ("GitHub:PrivateKey", GitHubKit.PrivateKey.Replace("\n", "\\n", StringComparison.Ordinal)), ("GitHub:WebhookSecret", "s")).ShouldBeEmpty();

    [Fact]
    public void A_token_is_fine() => Check(("GitHub:Token", "ghp_x"), ("GitHub:WebhookSecret", "s")).ShouldBeEmpty();

    [Fact]
    public void A_token_without_a_webhook_secret_stops_the_start() => Keys(("GitHub:Token", "ghp_x")).ShouldBe(["GitHub:WebhookSecret"]);

    [Fact]
    public void A_webhook_secret_alone_stops_the_start() => Keys(("GitHub:WebhookSecret", "s")).ShouldBe(["GitHub:AppId"]);

    [Fact]
    public void An_App_without_a_key_stops_the_start() => Keys(("GitHub:AppId", "7"), ("GitHub:WebhookSecret", "s")).ShouldBe(["GitHub:PrivateKey"]);

    [Fact]
    public void A_key_without_an_App_stops_the_start() => Keys(("GitHub:PrivateKey", GitHubKit.PrivateKey), ("GitHub:WebhookSecret", "s")).ShouldBe(["GitHub:AppId"]);

    [Fact]
    public void A_token_beside_an_App_stops_the_start() =>
        Keys(("GitHub:AppId", "7"), ("GitHub:PrivateKey", GitHubKit.PrivateKey), ("GitHub:Token", "ghp_x"), ("GitHub:WebhookSecret", "s")).ShouldBe(["GitHub:Token"]);

    [Fact]
    public void A_token_with_a_line_break_stops_the_start() => Keys(("GitHub:Token", "ghp_x\n"), ("GitHub:WebhookSecret", "s")).ShouldBe(["GitHub:Token"]);

    [Fact]
    public void A_key_file_that_is_not_there_stops_the_start() =>
        Keys(("GitHub:AppId", "7"), ("GitHub:PrivateKeyPath", "/nowhere/key.pem"), ("GitHub:WebhookSecret", "s")).ShouldBe(["GitHub:PrivateKeyPath"]);

    [Fact]
    public void A_key_that_is_no_private_RSA_key_stops_the_start()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create();
        foreach (var key in new[] { "rubbish", rsa.ExportRSAPublicKeyPem(), ec.ExportECPrivateKeyPem() })
            Keys(("GitHub:AppId", "7"), ("GitHub:PrivateKey", key), ("GitHub:WebhookSecret", "s")).ShouldBe(["GitHub:PrivateKey"]);
    }

    [Fact]
    public void All_problems_are_told_together_and_none_tells_a_secret()
    {
        var problems = Check(("GitHub:AppId", "7"), ("GitHub:PrivateKey", "rubbish"), ("GitHub:Token", "ghp_x"), ("GitHub:ApiUrl", "api.github.com"), ("GitHub:BotName", "@bots"), ("GitHub:EditInterval", "00:00:00"));

        problems.Select(p => p.Key).ShouldBe(["GitHub:ApiUrl", "GitHub:EditInterval", "GitHub:BotName", "GitHub:WebhookSecret", "GitHub:Token", "GitHub:PrivateKey"]);
        problems.ShouldAllBe(p => p.Mend.Length > 0 && !p.ToString().Contains("rubbish") && !p.ToString().Contains("ghp_x"));
    }

    [Fact]
    public void A_duration_nobody_can_read_is_a_problem_and_no_crash() => Keys(("GitHub:EditInterval", "soon")).ShouldBe(["GitHub"]);

    [Fact]
    public void Options_do_not_tell_their_secrets() =>
        new GitHubOptions { Token = "ghp_x", WebhookSecret = "s3cret" }.ToString().ShouldNotContain("ghp_x");

    [Fact]
    public void A_base_without_its_last_slash_keeps_its_path() =>
        GitHubOptions.Read(Configuration(("GitHub:ApiUrl", "https://host/api/v3"))).ApiUrl.ShouldBe(new Uri("https://host/api/v3/"));

    [Fact]
    public void Repositories_are_checked_one_by_one()
    {
        var check = new RepositoryOptionsCheck(Configuration(
            ("Repositories:0:Name", "octo/shop"), ("Repositories:1:Name", "shop"), ("Repositories:2:Name", "Octo/Shop"), ("Repositories:3:Name", "octo/web"), ("Repositories:3:DefaultBranch", "refs/heads/main")));

        check.Check().Select(p => p.Key).ShouldBe(["Repositories:1:Name", "Repositories:3:DefaultBranch", "Repositories:2:Name"]);
    }

    private static IEnumerable<string> Keys(params (string, string)[] settings) => Check(settings).Select(p => p.Key);

    private static List<ConfigurationProblem> Check(params (string, string)[] settings) => [.. new GitHubOptionsCheck(Configuration(settings)).Check()];

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();
}
