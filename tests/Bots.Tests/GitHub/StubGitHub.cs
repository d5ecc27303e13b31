using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.GitHub;

/// <summary>Answers exactly the calls a test expects, once the headers are what GitHub demands; anything else is 501.</summary>
public sealed class StubGitHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = [];
    private readonly ConcurrentQueue<StubCall> _calls = [];

    private StubGitHub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(Answer);
    }

    public IReadOnlyList<StubCall> Calls => [.. _calls];

    public Uri Url => new(_app.Urls.Single());

    public static async Task<StubGitHub> Start()
    {
        var stub = new StubGitHub();
        await stub._app.StartAsync();
        return stub;
    }

    /// <param name="call">Method, path and query: <c>GET /user</c>.</param>
    public StubGitHub On(string call, Func<HttpContext, Task> answer)
    {
        _answers[call] = answer;
        return this;
    }

    public StubGitHub On(string call, string json, int status = 200, params (string Name, string Value)[] headers) => On(call, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(json);
    });

    /// <summary>An App on one installation, with tokens that tell what they were asked for.</summary>
    public StubGitHub WithApp(DateTimeOffset tokensUntil, string repository = "octo/shop") => this
        .On("GET /app", """{"id":7,"slug":"helper"}""")
        .On("GET /users/helper%5Bbot%5D", """{"id":99,"login":"helper[bot]","type":"Bot"}""")
        .On($"GET /repos/{repository}/installation", """{"id":5}""")
        .On("POST /app/installations/5/access_tokens", $$"""{"token":"ghs_7_test","expires_at":"{{tokensUntil:O}}"}""", 201);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.Body);
        var call = new StubCall($"{request.Method} {Raw(context)}", request.Headers.Authorization.ToString(), await reader.ReadToEndAsync());
        _calls.Enqueue(call);
        if (request.Headers.UserAgent.Count == 0 || request.Headers.Accept != (call.Line.Contains("/contents/", StringComparison.Ordinal) ? "application/vnd.github.raw+json" : "application/vnd.github+json") || request.Headers["X-GitHub-Api-Version"] != "2022-11-28")
            context.Response.StatusCode = 403;
        else if (call.Body.Length > 0 && request.ContentType != "application/json")
            context.Response.StatusCode = 415;
        else if (_answers.TryGetValue(call.Line, out var answer))
            await answer(context);
        else
            context.Response.StatusCode = 501;
    }

    private static string Raw(HttpContext context) =>
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
}

public sealed record StubCall(string Line, string Authorization, string Body);
