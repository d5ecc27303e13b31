using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bots.Engine.Telemetry;

namespace Bots.GitHub;

/// <summary>One call of the REST API.</summary>
/// <param name="Path">Under the API's base, without a leading slash.</param>
/// <param name="Repeatable">False when doing it twice would show twice.</param>
public sealed record GitHubCall(HttpMethod Method, string Path, byte[]? Body = null, bool Repeatable = true)
{
    /// <summary>What a refusal closes, see <see cref="GitHubLimits"/>; null is what the credentials' owner may do in its own name.</summary>
    public string? Scope { get; init; }

    public static GitHubCall Get(string path) => new(HttpMethod.Get, path);

    public static GitHubCall Post<T>(string path, T body, JsonTypeInfo<T> type, bool repeatable = false) =>
        new(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, type), repeatable);

    public static GitHubCall Patch<T>(string path, T body, JsonTypeInfo<T> type) =>
        new(HttpMethod.Patch, path, JsonSerializer.SerializeToUtf8Bytes(body, type));
}

/// <param name="Next">The call for the next page; null on the last one.</param>
public sealed record GitHubAnswer<T>(T Value, GitHubCall? Next);

/// <summary>Sends calls: headers, redirects, pages and failures. Knows no credentials of its own.</summary>
public sealed class GitHubHttp(IHttpClientFactory clients, GitHubOptions options, GitHubLimits limits, TimeProvider time)
{
    /// <summary>The name of the client in <see cref="IHttpClientFactory"/>; its handler must not follow redirects.</summary>
    public const string ClientName = "github";

    private const int MostRedirects = 3;
    private const string JsonType = "application/vnd.github+json";
    private const string RawType = "application/vnd.github.raw+json";

    /// <param name="authorization">Value of the Authorization header; null goes without.</param>
    /// <exception cref="GitHubException"/>
    public async Task<GitHubAnswer<T>> Send<T>(GitHubCall call, string? authorization, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        limits.Demand(Scope(call, authorization));
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await Follow(client, call, authorization, cancellation);
            await Check(response, call, authorization, cancellation);

            await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
            var value = await JsonSerializer.DeserializeAsync(stream, type, cancellation) ?? throw new JsonException("null");
            return new(value, Next(response.Headers) is { } next ? next with { Scope = call.Scope } : null);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            throw GitHubFailure.Of(e, call.Repeatable);
        }
    }

    /// <summary>For calls whose answer says nothing beyond its status.</summary>
    /// <param name="authorization">Value of the Authorization header; null goes without.</param>
    /// <exception cref="GitHubException"/>
    public async Task Do(GitHubCall call, string? authorization, CancellationToken cancellation)
    {
        limits.Demand(Scope(call, authorization));
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await Follow(client, call, authorization, cancellation);
            await Check(response, call, authorization, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
        {
            throw GitHubFailure.Of(e, call.Repeatable);
        }
    }

    /// <summary>Gets a file's bytes, read as UTF-8; null when the answer is something else, as for a folder.</summary>
    /// <param name="authorization">Value of the Authorization header; null goes without.</param>
    /// <exception cref="GitHubException">Also when there are more than <paramref name="mostBytes"/>.</exception>
    public async Task<string?> Raw(GitHubCall call, string? authorization, int mostBytes, CancellationToken cancellation)
    {
        limits.Demand(Scope(call, authorization));
        try
        {
            using var client = clients.CreateClient(ClientName);
            client.MaxResponseContentBufferSize = mostBytes;
            using var response = await Follow(client, call, authorization, cancellation, RawType);
            await Check(response, call, authorization, cancellation);
            if (response.Content.Headers.ContentType?.MediaType?.Contains("raw", StringComparison.OrdinalIgnoreCase) != true) return null;

            return Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellation)).TrimStart('\uFEFF');
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new GitHubException(Engine.Surfaces.SurfaceOutcome.Rejected, null, $"it is larger than {mostBytes / 1024} KiB", inner: e);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
        {
            throw GitHubFailure.Of(e, call.Repeatable);
        }
    }

    /// <exception cref="GitHubException">It is no success.</exception>
    private async Task Check(HttpResponseMessage response, GitHubCall call, string? authorization, CancellationToken cancellation)
    {
        var scope = Scope(call, authorization);
        if (response.IsSuccessStatusCode)
        {
            await limits.Passed(scope, GitHubFailure.Spent(response.Headers, time.GetUtcNow()));
            return;
        }

        var body = await response.Content.ReadAsStringAsync(cancellation);
        throw await limits.Refused(scope, GitHubFailure.Of(response.StatusCode, response.Headers, body, call.Repeatable, time.GetUtcNow()));
    }

    // Who goes without credentials shares a limit with everybody at this address.
    private string Scope(GitHubCall call, string? authorization) => call.Scope ?? (authorization is null ? "github:/anonymous" : limits.Own);

    private async Task<HttpResponseMessage> Follow(HttpClient client, GitHubCall call, string? authorization, CancellationToken cancellation, string type = JsonType)
    {
        var address = new Uri(options.ApiUrl, call.Path);
        for (var hop = 0; ; hop++)
        {
            if (!IsOurs(address)) throw new GitHubException(Engine.Surfaces.SurfaceOutcome.Rejected, null, "led away from the API");
            using var request = Request(call, address, authorization, type);
            var response = await client.SendAsync(request, cancellation);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)) return response;

            using (response)
            {
                address = new Uri(address, response.Headers.Location ?? address);
                if (hop == MostRedirects) throw new GitHubException(Engine.Surfaces.SurfaceOutcome.Rejected, response.StatusCode, "redirected too often");
            }
        }
    }

    private static HttpRequestMessage Request(GitHubCall call, Uri address, string? authorization, string type)
    {
        var request = new HttpRequestMessage(call.Method, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Bots", "1.0"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        request.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
        if (authorization is not null) request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);
        if (call.Body is not null) request.Content = new ByteArrayContent(call.Body) { Headers = { ContentType = new("application/json") } };
        return request;
    }

    // The credentials go along with redirects and to further pages, so none of these may lead to anybody else.
    private bool IsOurs(Uri address) => Uri.Compare(address, options.ApiUrl, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Reads <c>Link: &lt;…&gt;; rel="next"</c>. Only path and query are taken.</summary>
    private static GitHubCall? Next(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("Link", out var values)) return null;
        foreach (var link in values.SelectMany(v => v.Split(',')))
        {
            if (!link.Contains("rel=\"next\"", StringComparison.Ordinal)) continue;
            var (start, end) = (link.IndexOf('<', StringComparison.Ordinal), link.IndexOf('>', StringComparison.Ordinal));
            if (start >= 0 && end > start && Uri.TryCreate(link[(start + 1)..end], UriKind.Absolute, out var next)) return GitHubCall.Get(next.PathAndQuery);
        }

        return null;
    }
}
