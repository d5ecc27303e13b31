using System.Diagnostics;
using Bots.Configuration;

namespace Bots.Tests.EndToEnd;

public sealed class StartTests
{
    [Fact]
    public async Task Everything_that_is_missing_is_named_at_once_with_its_mend_and_the_service_does_not_start()
    {
        var data = Directory.CreateTempSubdirectory("bots-");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Path.Combine(Installation.Root, "src", "Bots", "bin", configuration, "net10.0", "Bots.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["PATH"] = "/nonexistent";
        start.Environment["Bots__DataDirectory"] = Path.Combine(data.FullName, "data");
        start.Environment["Agents__Directory"] = data.FullName;
        start.Environment["Slack__BotToken"] = "xoxb-planted";
        start.Environment["GitHub__AppId"] = "7";
        start.Environment["Scheduler__MaxConcurent"] = "3";

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        var said = await output + await error;
        process.ExitCode.ShouldBe(ConfigurationReport.ExitCode, said);
        foreach (var expected in (string[])
            ["apt-get install bubblewrap", "./dev setup", "Slack:SigningSecret", "GitHub:PrivateKey", "GitHub:WebhookSecret", "Did you mean Scheduler:MaxConcurrent?"])
        {
            said.ShouldContain(expected);
        }

        said.ShouldNotContain("xoxb-planted");
        data.Delete(recursive: true);
    }
}
