using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Bots.Simulators.GitHub.Webhooks;

/// <summary>Posts one delivery, with the original's headers and its ten seconds of patience.</summary>
internal sealed class WebhookSender(GitHubSimulatorOptions options) : IDisposable
{
    private const string HookId = "5001";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    public async Task<WebhookDelivery> Send(WebhookDelivery delivery, CancellationToken cancellation)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Payload);
        var headers = Headers(delivery, body);
        var started = TimeProvider.System.GetTimestamp();
        var (code, status, answer) = await Post(delivery.Url, headers, body, cancellation);
        return delivery with
        {
            RequestHeaders = headers,
            StatusCode = code,
            Status = status,
            ResponseBody = answer,
            Duration = TimeProvider.System.GetElapsedTime(started),
        };
    }

    public void Dispose() => _http.Dispose();

    private Dictionary<string, string> Headers(WebhookDelivery delivery, byte[] body) => new()
    {
        ["Accept"] = "*/*",
        ["User-Agent"] = "GitHub-Hookshot/044aadd",
        ["X-GitHub-Delivery"] = delivery.Guid.ToString(),
        ["X-GitHub-Event"] = delivery.Event,
        ["X-GitHub-Hook-ID"] = HookId,
        ["X-GitHub-Hook-Installation-Target-ID"] = options.AppId.ToString(CultureInfo.InvariantCulture),
        ["X-GitHub-Hook-Installation-Target-Type"] = "integration",
        ["X-Hub-Signature-256"] = WebhookSignature.Sha256(options.WebhookSecret, body),
    };

    private async Task<(int Code, string Status, string Answer)> Post(
        Uri url, Dictionary<string, string> headers, byte[] body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var answer = await response.Content.ReadAsStringAsync(cancellation);
            var code = (int)response.StatusCode;
            return (code, response.IsSuccessStatusCode ? "OK" : $"Invalid HTTP Response: {code}", answer);
        }
        catch (OperationCanceledException)
        {
            return (0, "timed out", "");
        }
        catch (HttpRequestException exception)
        {
            return (0, "failed to connect to host", exception.Message);
        }
    }
}
