using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Bots.Playground.Page;
using Bots.Playground.Scripts;
using Bots.Playground.Service;
using Bots.Simulators.GitHub;
using Bots.Simulators.Models;
using Bots.Simulators.Slack;
using Microsoft.AspNetCore.Builder;

namespace Bots.Playground;

/// <summary>The simulators and the page in this process, the real service in its own.</summary>
internal static class Stage
{
    private static readonly TimeSpan TypingPace = TimeSpan.FromMilliseconds(25);

    /// <returns>The process's exit code.</returns>
    public static async Task<int> Run(IReadOnlyList<string> args, TextWriter output)
    {
        using var stopping = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }

        try
        {
            return await Play(PlaygroundOptions.Parse(args), output, stopping.Token);
        }
        catch (FormatException e)
        {
            await output.WriteLineAsync($"{e.Message}\n\n{PlaygroundOptions.Usage}");
            return 2;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            await output.WriteLineAsync($"The playground could not start. {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<int> Play(PlaygroundOptions options, TextWriter output, CancellationToken stopping)
    {
        var places = Places.Find();
        var data = Path.GetFullPath(options.DataDirectory);
        ServiceData.Empty(data);
        var service = new Uri($"http://127.0.0.1:{FreePort()}/");
        var slackOptions = new SlackSimulatorOptions();

        await using var slack = await SlackSimulator.Start(slackOptions with { Users = Cast.SlackUsers, Channels = Cast.SlackChannels(slackOptions.BotUserId), TeamDomain = Cast.Owner });
        await using var github = await GitHubSimulator.Start(new GitHubSimulatorOptions());
        await using var models = await ModelSimulator.Start(new ModelSimulatorOptions { Scripts = PlaygroundScripts.All, ChunkDelay = TypingPace });
        await SampleRepositories.Seed(github, places.Samples);
        Connect(slack, github, service);

        var inherited = Inherited();
        var model = ModelChoice.From(inherited, models);
        using var client = Client();
        await using var page = await PageServer.Start(options.Port, PageSetup.Of(model), slack.BaseUrl, github.WebUrl, service, client);

        var log = new ServiceLog(output, colours: !Console.IsOutputRedirected && !inherited.ContainsKey("NO_COLOR"));
        await output.WriteLineAsync($"Starting the service; the model is {model.Name}.");
        await using var process = ServiceProcess.Start(places.Service, service, ServiceEnvironment.Of(inherited, model, slack, github, service, data, places.Agents), log, TimeProvider.System);
        await process.Ready(client, stopping);
        await output.WriteLineAsync($"\nOpen {PageServer.Address(page)} in a browser. Ctrl-C stops everything.\n");
        return await UntilTheEnd(process, output, stopping);
    }

    private static async Task<int> UntilTheEnd(ServiceProcess process, TextWriter output, CancellationToken stopping)
    {
        try
        {
            await process.Ended.WaitAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await output.WriteLineAsync("Stopping …");
            return 0;
        }

        await output.WriteLineAsync("The service has ended by itself; what it said last is above.");
        return 1;
    }

    private static void Connect(SlackSimulator slack, GitHubSimulator github, Uri service)
    {
        slack.EventsUrl = new Uri(service, "webhooks/slack/events");
        slack.InteractivityUrl = new Uri(service, "webhooks/slack/interactivity");
        slack.CommandsUrl = new Uri(service, "webhooks/slack/commands");
        github.WebhookUrl = new Uri(service, "webhooks/github");
    }

    private static Dictionary<string, string> Inherited() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    private static HttpClient Client() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
