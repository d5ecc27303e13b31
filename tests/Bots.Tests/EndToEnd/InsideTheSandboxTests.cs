using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>What an agent finds when it looks around, allowed to run anything.</summary>
public sealed class InsideTheSandboxTests
{
    private const string LookAround = """
        echo "interfaces: $(ls /sys/class/net 2>/dev/null || tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ' | tr '\n' ' ')";
        echo "processes: $(cat /proc/[0-9]*/cmdline | tr '\0' ' ')";
        for e in /proc/[0-9]*/environ; do tr '\0' '\n' < $e; done 2>/dev/null | sed 's/^/env: /';
        grep -rIl -e 'p[l]anted' -e 'BEGIN [R]SA' / --exclude-dir=proc --exclude-dir=sys --exclude-dir=usr --exclude-dir=opt 2>/dev/null | sed 's/^/holds a secret: /';
        echo "root: $(ls / | tr '\n' ' ')"; echo "home: $(ls /home | tr '\n' ' ')"; ls /root /var/run/docker.sock 2>&1 | sed 's/^/host: /';
        timeout 3 sh -c 'exec 3<>/dev/tcp/169.254.169.254/80' 2>&1 | sed 's/^/metadata: /';
        git push origin HEAD:refs/heads/other 2>&1 | sed 's/^/push: /'
        """;

    [Fact]
    public async Task There_is_no_network_no_secret_no_host_and_no_way_to_another_branch()
    {
        await using var world = await Start(Sample.Run("look around", LookAround, "I have looked around."));

        await world.Mention("look around");
        await world.ApproveUntil("I have looked around.");

        var seen = world.Models.Requests.SelectMany(r => r.Results).Last().Text;
        Line(seen, "interfaces:").Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].ShouldBe(["lo"], seen);
        foreach (var secret in (string[])[ModelKey, ForgeSecret, world.Slack.Options.BotToken, world.Slack.Options.SigningSecret, "BEGIN RSA"]) seen.ShouldNotContain(secret);
        seen.Split('\n').ShouldNotContain(l => l.StartsWith("holds a secret:", StringComparison.Ordinal));
        seen.Split('\n').ShouldContain(l => l.StartsWith("env: BOTS_TOKEN=", StringComparison.Ordinal));
        Line(seen, "home:").ShouldBe("home: agent ");
        foreach (var line in seen.Split('\n').Where(l => l.StartsWith("host: ", StringComparison.Ordinal))) line.ShouldContain("No such file or directory");
        seen.Split('\n').ShouldContain(l => l.StartsWith("push: ", StringComparison.Ordinal) && l.Contains("may push to", StringComparison.Ordinal));
        (await world.GitHub.Branches(Calculator)).Keys.ShouldBe(["main"]);
    }

    [Fact]
    public async Task The_forges_own_addresses_lead_to_the_gateway_for_what_a_session_may_read()
    {
        await using var world = await Prepare();
        world.Models.Add(Sample.Run("look around", $"""
            for address in {world.GitHub.WebUrl}acme/library.git git@{world.GitHub.WebUrl.Host}:acme/library {world.GitHub.WebUrl}acme/secret.git; do git ls-remote $address HEAD 2>&1 | sed "s/^/answer: /"; done
            """, "I have looked around."));
        await world.GitHub.CreateRepository("acme", "library", Sample.Files);
        await world.GitHub.CreateRepository("acme", "secret", Sample.Files);
        world.Settings["Repositories:0:Name"] = Calculator;
        world.Settings["Repositories:0:Reads:0"] = "acme/library";
        await world.StartService();

        await world.Mention("look around in acme/calculator");
        await world.ApproveUntil("I have looked around.");

        var answers = world.Models.Requests.SelectMany(r => r.Results).Last().Text.Split('\n').Where(l => l.StartsWith("answer: ", StringComparison.Ordinal)).ToList();
        answers.Count(a => a.EndsWith("\tHEAD", StringComparison.Ordinal)).ShouldBe(2, string.Join('\n', answers));
        answers[2].ShouldNotEndWith("HEAD");
        string.Join('\n', answers).ShouldContain("acme/secret");
    }

    private static string Line(string text, string start) => text.Split('\n').First(l => l.StartsWith(start, StringComparison.Ordinal));
}
