namespace Bots.Bench.Ack;

/// <summary>A delivery, signed and ready to be sent.</summary>
public sealed record SignedRequest(byte[] Body, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public HttpRequestMessage For(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        foreach (var (name, value) in Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
