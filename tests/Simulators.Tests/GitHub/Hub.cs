using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bots.Simulators.GitHub;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.Tests.GitHub;

/// <summary>A simulator with one repository, <c>acme/shop</c>, and a client of its API.</summary>
internal sealed class Hub : IAsyncDisposable
{
    public const string Shop = "acme/shop";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private string? _token;

    private Hub(GitHubSimulator simulator, ManualTime time) => (Simulator, Time) = (simulator, time);

    public GitHubSimulator Simulator { get; }

    public ManualTime Time { get; }

    public static async Task<Hub> Start(Func<GitHubSimulatorOptions, GitHubSimulatorOptions>? change = null, bool isPrivate = false)
    {
        var time = new ManualTime();
        var options = new GitHubSimulatorOptions { Time = time, Users = [new Account("ada", 11), new Account("eve", 12)] };
        var hub = new Hub(await GitHubSimulator.Start(change?.Invoke(options) ?? options), time);
        await hub.Simulator.CreateRepository("acme", "shop", new Dictionary<string, string>
        {
            ["README.md"] = "# Shop\n",
            ["src/cart.txt"] = "one\ntwo\nthree\n",
        }, isPrivate, "Sells things");
        hub.Simulator.SetPermission(Shop, "ada", Role.Write);
        return hub;
    }

    public string AppJwt(TimeSpan? lifetime = null, JsonNode? issuer = null, TimeSpan? issuedAgo = null) => Jwt.Create(
        Simulator.PrivateKey!,
        issuer ?? Simulator.Options.ClientId,
        Time.GetUtcNow() - (issuedAgo ?? TimeSpan.FromSeconds(60)),
        Time.GetUtcNow() + (lifetime ?? TimeSpan.FromMinutes(9)));

    /// <summary>An installation token, with a body that narrows it.</summary>
    public async Task<string> Token(string? body = null, string owner = "acme")
    {
        if (body is null && _token is not null && owner == "acme") return _token;
        var answer = await Send("POST", $"app/installations/{Simulator.Installation(owner).Id}/access_tokens", body, AppJwt());
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        var token = answer.Json["token"]!.GetValue<string>();
        if (body is null && owner == "acme") _token = token;
        return token;
    }

    /// <summary>A call as the installed app.</summary>
    public async Task<Reply> Call(string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        await Send(method, path, body, await Token(), headers);

    public async Task<Reply> Send(string method, string path, string? body, string? token, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Simulator.ApiUrl, path));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (!headers.Any(h => h.Name == "User-Agent")) request.Headers.TryAddWithoutValidation("User-Agent", "tests");
        if (!headers.Any(h => h.Name == "Accept")) request.Headers.TryAddWithoutValidation("Accept", "application/vnd.github+json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), all);
    }

    /// <summary>A branch with one changed file, and a pull request of it by ada.</summary>
    public async Task<Issue> OpenPull(string branch = "feature", string file = "src/cart.txt", string content = "one\ntwo\nfour\nfive\n")
    {
        await Simulator.Commit(Shop, branch, new Dictionary<string, string?> { [file] = content }, "Change " + file, "ada");
        return await Simulator.OpenPullRequest("ada", Shop, "Change the cart", "Please look.", branch);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Simulator.DisposeAsync();
    }
}

internal sealed record Reply(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Message => Json["message"]!.GetValue<string>();
}
