using System.Net;

namespace Bots.GitHub;

/// <summary>Who the bot is on GitHub.</summary>
/// <param name="Login">What its comments are signed with: <c>slug[bot]</c> for an App.</param>
/// <param name="Id">Of the user behind the login; 0 when GitHub does not tell.</param>
/// <param name="AppId">Null for a plain token.</param>
/// <param name="Names">What people write after <c>@</c>; the first is the one we tell them.</param>
public sealed record GitHubSelf(string Login, long Id, long? AppId, IReadOnlyList<string> Names)
{
    public string Email => GitHubPeople.Email(Id, Login);

    public bool Wrote(GitHubComment comment) =>
        string.Equals(comment.User?.Login, Login, StringComparison.OrdinalIgnoreCase)
        || (AppId is not null && comment.PerformedViaGithubApp?.Id == AppId);

    public bool Is(GitHubUser user) => string.Equals(user.Login, Login, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Asks GitHub once in a while who the bot is.</summary>
public sealed class GitHubIdentity(GitHubHttp http, GitHubTokens tokens, GitHubOptions options, TimeProvider time)
{
    private static readonly TimeSpan Holds = TimeSpan.FromHours(1);

    private readonly Expiring<string, GitHubSelf> _self = new(time);
    private volatile Told? _told;

    /// <summary>Who the bot was when GitHub last told; null when it never did.</summary>
    public GitHubSelf? Known => _told?.Self;

    /// <summary>The same; null as well when that was a while ago. Names change.</summary>
    public GitHubSelf? Fresh => _told is { } told && told.Until > time.GetUtcNow() ? told.Self : null;

    /// <exception cref="GitHubException"/>
    public Task<GitHubSelf> Get(CancellationToken cancellation) => _self.Get("", async () =>
    {
        var told = _told = new Told(await Ask(), time.GetUtcNow() + Holds);
        return (told.Self, told.Until);
    }, cancellation);

    private sealed record Told(GitHubSelf Self, DateTimeOffset Until);

    private Task<GitHubSelf> Ask() => options.IsApp ? AskAsApp() : AskAsUser();

    private async Task<GitHubSelf> AskAsApp()
    {
        var app = (await http.Send(GitHubCall.Get("app"), tokens.Own(), GitHubJson.Default.GitHubApp, CancellationToken.None)).Value;
        var slug = app.Slug ?? options.BotName ?? "bots";
        var login = $"{slug}[bot]";
        return new(login, await UserId(login), app.Id, Names(slug));
    }

    private async Task<GitHubSelf> AskAsUser()
    {
        var user = (await http.Send(GitHubCall.Get("user"), tokens.Own(), GitHubJson.Default.GitHubUser, CancellationToken.None)).Value;
        return new(user.Login, user.Id, null, Names(user.Login));
    }

    private async Task<long> UserId(string login)
    {
        try
        {
            // Users are public; an App's own JWT is not taken here.
            return (await http.Send(GitHubCall.Get($"users/{Uri.EscapeDataString(login)}"), null, GitHubJson.Default.GitHubUser, CancellationToken.None)).Value.Id;
        }
        catch (GitHubException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests)
        {
            // An Enterprise Server may show users to nobody without a token; the address then goes without the id.
            return 0;
        }
    }

    private IReadOnlyList<string> Names(string own) =>
        options.BotName is { Length: > 0 } name && !string.Equals(name, own, StringComparison.OrdinalIgnoreCase) ? [name, own] : [own];
}
