using System.Diagnostics;
using System.Text.RegularExpressions;
using Bots.Tests.EndToEnd;
using Microsoft.Playwright;

namespace Bots.Tests.Playground;

/// <summary>What a newcomer does: opens the page, asks, approves, and sees the pull request. Screenshots lie in <c>artifacts/screenshots</c>.</summary>
public sealed partial class BrowserTests
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync",
    ];

    [Fact]
    public async Task A_mention_typed_in_the_page_is_approved_with_a_click_and_ends_as_a_pull_request()
    {
        await using var playground = await RunningPlayground.Start();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1600, Height = 1000 } });
        page.SetDefaultTimeout((float)Installation.Patience.TotalMilliseconds);
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(playground.Address);
        var slack = page.GetByRole(AriaRole.Region, new() { Name = "Slack" });
        var github = page.GetByRole(AriaRole.Region, new() { Name = "GitHub" });
        await slack.GetByRole(AriaRole.Textbox).First.WaitForAsync();
        await github.GetByText("Calculate loan payments").First.WaitForAsync();
        await Picture(page, "1-opened");

        await slack.GetByRole(AriaRole.Textbox).First.FillAsync("@bots fix the failing test");
        await slack.GetByRole(AriaRole.Textbox).First.PressAsync("Enter");
        var approve = slack.GetByRole(AriaRole.Button, new() { NameRegex = Approve() }).First;
        await approve.WaitForAsync();
        await Picture(page, "2-asked");
        var answer = slack.GetByText("All 8 tests pass").First;
        while (!await IsThere(answer, approve))
        {
            await approve.ClickAsync();
            await approve.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        }

        await github.GetByText("Fix the failing test").First.WaitForAsync();
        await Picture(page, "3-done");

        (await slack.GetByRole(AriaRole.Link, new() { NameRegex = PullRequest() }).Or(slack.GetByRole(AriaRole.Button, new() { NameRegex = PullRequest() })).CountAsync()).ShouldBeGreaterThan(0);
        complaints.ShouldBeEmpty();
    }

    /// <summary>True when the answer came; false when the bot asks first.</summary>
    private static async Task<bool> IsThere(ILocator answer, ILocator question)
    {
        await answer.Or(question).First.WaitForAsync();
        return await answer.CountAsync() > 0;
    }

    private static Task Picture(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Installation.Root, "artifacts", "screenshots", $"{name}.png") });

    [GeneratedRegex("^(Approve|Allow) once", RegexOptions.IgnoreCase)]
    private static partial Regex Approve();

    [GeneratedRegex("pull request", RegexOptions.IgnoreCase)]
    private static partial Regex PullRequest();

    /// <summary>The playground as <c>./dev run</c> starts it, on a free port.</summary>
    private sealed class RunningPlayground : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly DirectoryInfo _data;

        private RunningPlayground(Process process, DirectoryInfo data, string address) => (_process, _data, Address) = (process, data, address);

        public string Address { get; }

        public static async Task<RunningPlayground> Start()
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
            var data = Directory.CreateTempSubdirectory("bots-playground-");
            var start = new ProcessStartInfo("dotnet",
            [
                Path.Combine(Installation.Root, "tests", "Playground", "bin", configuration, "net10.0", "Bots.Playground.dll"),
                "--port", "0", "--data", Path.Combine(data.FullName, "data"),
            ])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            };
            var process = new Process { StartInfo = start };
            var opened = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            var output = TestContext.Current.TestOutputHelper;
            process.OutputDataReceived += (_, line) => Take(line.Data);
            process.ErrorDataReceived += (_, line) => Take(line.Data);
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return new RunningPlayground(process, data, await opened.Task.WaitAsync(Installation.Patience, TimeProvider.System));

            void Take(string? line)
            {
                if (line is null) return;
                output?.WriteLine(line);
                if (line.StartsWith("Open ", StringComparison.Ordinal)) opened.TrySetResult(line.Split(' ')[1]);
            }
        }

        public async ValueTask DisposeAsync()
        {
            using (var polite = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await polite.WaitForExitAsync();
            await _process.WaitForExitAsync();
            _process.Dispose();
            _data.Delete(recursive: true);
        }
    }
}
