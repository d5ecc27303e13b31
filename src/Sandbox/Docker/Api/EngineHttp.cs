using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bots.Sandbox.Docker.Api;

/// <summary>Requests to the engine, in the version of its API that both sides know, with its errors as <see cref="EngineException"/>.</summary>
internal sealed class EngineHttp(string socket) : IDisposable
{
    const int LongestMessage = 2000;
    readonly HttpClient _http = EngineSocket.Connect(socket);
    EngineVersion? _version;

    /// <summary>What the engine is; asked for once, and again for as long as there was no answer.</summary>
    public async Task<EngineVersion> Version(CancellationToken cancellation)
    {
        if (_version is { } known) return known;

        using var response = await Send(HttpMethod.Get, "version", null, [], cancellation);
        return _version = await Read(response, EngineJson.Default.EngineVersion, cancellation);
    }

    public async Task<T> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await Call(HttpMethod.Get, path, null, cancellation);
        return await Read(response, type, cancellation);
    }

    /// <returns>The lines of the answer, until it ends.</returns>
    public async Task<string> GetText(string path, CancellationToken cancellation)
    {
        using var response = await Call(HttpMethod.Get, path, null, cancellation);
        return await EngineSocket.Guarded(() => response.Content.ReadAsStringAsync(cancellation));
    }

    public async Task<TAnswer> Post<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> type, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(body, bodyType);
        // The engine's own clients never send in chunks, and neither do we.
        await content.LoadIntoBufferAsync(cancellation);
        using var response = await Call(HttpMethod.Post, path, content, cancellation);
        return await Read(response, type, cancellation);
    }

    public async Task Post(string path, CancellationToken cancellation)
    {
        // 304: it is so already.
        using var response = await Call(HttpMethod.Post, path, null, cancellation, HttpStatusCode.NotModified);
    }

    public async Task<HttpStatusCode> Delete(string path, CancellationToken cancellation, params HttpStatusCode[] expected)
    {
        using var response = await Call(HttpMethod.Delete, path, null, cancellation, expected);
        return response.StatusCode;
    }

    /// <returns>The connection, from now on a stream both ways.</returns>
    public async Task<(HttpResponseMessage Response, Stream Stream)> Upgrade(string path, CancellationToken cancellation)
    {
        var prefix = (await Version(cancellation)).Prefix;
        using var request = new HttpRequestMessage(HttpMethod.Post, prefix + path);
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new("tcp"));
        var response = await Send(request, [HttpStatusCode.SwitchingProtocols], cancellation);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols) return (response, await response.Content.ReadAsStreamAsync(cancellation));

        response.Dispose();
        throw new EngineException(EngineFailure.Broken, "it does not hand its connection over");
    }

    public void Dispose() => _http.Dispose();

    async Task<HttpResponseMessage> Call(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation, params HttpStatusCode[] expected) =>
        await Send(method, (await Version(cancellation)).Prefix + path, body, expected, cancellation);

    async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? body, HttpStatusCode[] expected, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        return await Send(request, expected, cancellation);
    }

    async Task<HttpResponseMessage> Send(HttpRequestMessage request, HttpStatusCode[] expected, CancellationToken cancellation)
    {
        var response = await EngineSocket.Guarded(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation));
        if (response.IsSuccessStatusCode || expected.Contains(response.StatusCode)) return response;

        using (response) throw EngineException.Refused(response.StatusCode, await Message(response, cancellation));
    }

    static async Task<string> Message(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await EngineSocket.Guarded(() => response.Content.ReadAsStringAsync(cancellation));
        try
        {
            if (JsonSerializer.Deserialize(text, EngineJson.Default.EngineError)?.Message is { Length: > 0 } message) text = message;
        }
        catch (JsonException)
        {
            // Some proxy's or an older engine's plain words: they serve as well.
        }

        text = text.Trim();
        if (text.Length == 0) text = $"status {(int)response.StatusCode}";
        return text.Length <= LongestMessage ? text : text[..LongestMessage];
    }

    static async Task<T> Read<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            return await EngineSocket.Guarded(() => response.Content.ReadFromJsonAsync(type, cancellation))
                ?? throw new EngineException(EngineFailure.Broken, "it answered with nothing");
        }
        catch (Exception malformed) when (malformed is JsonException or NotSupportedException)
        {
            throw new EngineException(EngineFailure.Broken, $"it answered with something else than its API promises: {malformed.Message}", malformed);
        }
    }
}
