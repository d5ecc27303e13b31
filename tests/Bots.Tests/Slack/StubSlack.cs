using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;

namespace Bots.Tests.Slack;

/// <summary>A Web API that answers what it was told to, and refuses what Slack would refuse: wrong verbs, tokens outside the header, bodies that are not JSON.</summary>
internal sealed class StubSlack : HttpMessageHandler
{
    public const string Token = "xoxb-stub-token";

    private static readonly string[] GetMethods = ["users.info", "conversations.info", "conversations.list", "conversations.replies", "conversations.history"];

    private readonly Dictionary<string, Func<StubCall, Task<HttpResponseMessage>>> _answers = [];

    public StubSlack()
    {
        Answer("auth.test", """{"ok":true,"url":"https://team.slack.com/","team_id":"T1","user_id":"UBOT","bot_id":"BBOT"}""");
        Answer("conversations.info", """{"ok":true,"channel":{"id":"C1","name":"backend"}}""");
    }

    public List<StubCall> Calls { get; } = [];

    public StubCall Only(string method) => Calls.Where(c => c.Method == method).ShouldHaveSingleItem();

    public StubSlack Answer(string method, string json, HttpStatusCode status = HttpStatusCode.OK, int? retryAfter = null) => Answer(method, _ => json, status, retryAfter);

    public StubSlack Answer(string method, Func<StubCall, string> json, HttpStatusCode status = HttpStatusCode.OK, int? retryAfter = null)
    {
        _answers[method] = call =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(json(call), Encoding.UTF8, "application/json") };
            if (retryAfter is { } seconds) response.Headers.Add("Retry-After", seconds.ToString());
            return Task.FromResult(response);
        };
        return this;
    }

    public StubSlack Fail(string method, Exception failure)
    {
        _answers[method] = _ => Task.FromException<HttpResponseMessage>(failure);
        return this;
    }

    /// <summary>Members by id; anybody else is not found.</summary>
    public StubSlack Users(params string[] users)
    {
        var byId = users.ToDictionary(u => JsonDocument.Parse(u).RootElement.GetProperty("id").GetString()!);
        return Answer("users.info", call => byId.TryGetValue(call.Query["user"], out var user) ? $$"""{"ok":true,"user":{{user}}}""" : """{"ok":false,"error":"user_not_found"}""");
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization.ShouldNotBeNull().ToString().ShouldBe("Bearer " + Token);
        var method = request.RequestUri!.AbsolutePath.Split('/')[^1];
        request.RequestUri.AbsoluteUri.ShouldStartWith("https://slack.test/api/");
        request.RequestUri.Query.ShouldNotContain("xoxb");
        request.Method.ShouldBe(GetMethods.Contains(method) ? HttpMethod.Get : HttpMethod.Post, method);
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        body.ShouldNotContain("xoxb");
        if (request.Method == HttpMethod.Post && body.Length > 0) request.Content!.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var query = HttpUtility.ParseQueryString(request.RequestUri.Query);
        var call = new StubCall(method, query.AllKeys.ToDictionary(k => k!, k => query[k]!), body.Length > 0 ? JsonDocument.Parse(body).RootElement : default);
        Calls.Add(call);
        return _answers.TryGetValue(method, out var answer)
            ? await answer(call)
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"ok":false,"error":"unknown_method"}""") };
    }
}

internal sealed record StubCall(string Method, IReadOnlyDictionary<string, string> Query, JsonElement Body)
{
    public string? Text(string property) => Body.TryGetProperty(property, out var value) ? value.ToString() : null;
}
