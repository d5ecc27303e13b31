using Bots.Simulators.GitHub;
using Bots.Simulators.Slack;

namespace Bots.Playground.Service;

/// <summary>How the service is configured: by its documented keys, as in production. Pure.</summary>
internal static class ServiceEnvironment
{
    /// <summary>Sections the playground fills itself; whatever else is set for them would get in the way.</summary>
    private static readonly string[] Own = ["Slack__", "GitHub__", "Repositories__", "Schedules__", "Api__", "Urls", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS"];

    /// <param name="inherited">What this process was started with.</param>
    public static IReadOnlyDictionary<string, string> Of(
        IReadOnlyDictionary<string, string> inherited, ModelChoice model, SlackSimulator slack, GitHubSimulator github, Uri service, string data, string agents)
    {
        var environment = inherited.Where(entry => !IsOwn(entry.Key)).ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in model.Environment) environment[key] = value;
        foreach (var (key, value) in Repositories()) environment[key] = value;

        environment["Urls"] = service.AbsoluteUri.TrimEnd('/');
        environment["Bots__DataDirectory"] = data;
        environment["Bots__PublicUrl"] = service.AbsoluteUri;
        environment["Agents__Directory"] = agents;

        environment["Slack__BotToken"] = slack.Options.BotToken;
        environment["Slack__SigningSecret"] = slack.Options.SigningSecret;
        environment["Slack__ApiUrl"] = slack.ApiUrl.AbsoluteUri;

        environment["GitHub__AppId"] = $"{github.Options.AppId}";
        environment["GitHub__PrivateKey"] = github.PrivateKey ?? throw new InvalidOperationException("The simulated GitHub has no private key to give.");
        environment["GitHub__WebhookSecret"] = github.Options.WebhookSecret;
        environment["GitHub__ApiUrl"] = github.ApiUrl.AbsoluteUri;
        environment["GitHub__WebUrl"] = github.WebUrl.AbsoluteUri;
        environment["GitHub__EditInterval"] = "00:00:02";

        environment["Logging__Console__FormatterName"] = "simple";
        environment["Logging__Console__FormatterOptions__SingleLine"] = "true";
        environment["Logging__LogLevel__Default"] = inherited.GetValueOrDefault("Logging__LogLevel__Default") ?? "Information";
        environment["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning";
        environment["Logging__LogLevel__System.Net.Http"] = "Warning";
        return environment;
    }

    private static IEnumerable<KeyValuePair<string, string>> Repositories() => SampleRepositories.Descriptions.SelectMany((repository, n) =>
    {
        var section = $"Repositories__{n}__";
        var rooms = Cast.Rooms.Where(room => room.Repository == repository.Key).Select((room, i) => KeyValuePair.Create($"{section}Channels__{i}", room.Name));
        return rooms.Prepend(new($"{section}Description", repository.Value)).Prepend(new($"{section}Name", repository.Key));
    });

    private static bool IsOwn(string key) => Own.Any(own => own.EndsWith("__", StringComparison.Ordinal)
        ? key.StartsWith(own, StringComparison.OrdinalIgnoreCase)
        : key.Equals(own, StringComparison.OrdinalIgnoreCase));
}
