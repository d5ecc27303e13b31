using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Events;

/// <summary>Delivers events, signed, and again up to three times where they are not taken.</summary>
internal sealed class EventSender(SlackWorkspace workspace) : IAsyncDisposable
{
    private static readonly TimeSpan[] RetryDelays = [TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxAutomaticRedirections = 2 });
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _running = [];
    private ImmutableList<SlackDelivery> _deliveries = [];

    public Uri? Url { get; set; } = workspace.Options.EventsUrl;

    public IReadOnlyList<SlackDelivery> Deliveries => _deliveries;

    /// <summary>Returns at once; nothing is sent while there is no address.</summary>
    public void Send(SlackEvent e)
    {
        if (Url is null)
            return;
        var task = Task.Run(() => SendWithRetries(e));
        _running[task] = 0;
        _ = task.ContinueWith(t => _running.TryRemove(t, out _), TaskScheduler.Default);
    }

    /// <summary>One attempt.</summary>
    public async Task<SlackDelivery> Deliver(SlackEvent e, int retry, string? reason, string? secret, DateTimeOffset? signedAt)
    {
        using var request = Request(Url ?? throw new SlackDrivingException("There is no events URL."), e.Body, "application/json", secret, signedAt);
        if (retry > 0)
        {
            request.Headers.Add("x-slack-retry-num", retry.ToString());
            request.Headers.Add("x-slack-retry-reason", reason ?? "http_error");
        }

        var (delivery, started) = (new SlackDelivery { EventId = e.Id, EventType = e.Type, Retry = retry }, Stopwatch.GetTimestamp());
        var answer = await Exchange(request);
        delivery = delivery with
        {
            Status = answer.Status,
            Body = answer.Body,
            NoRetry = answer.NoRetry,
            Failure = answer.Failure ?? (answer.Status is >= 200 and < 300 ? null : answer.Status is >= 300 and < 400 ? "too_many_redirects" : "http_error"),
            Elapsed = Stopwatch.GetElapsedTime(started),
        };
        ImmutableInterlocked.Update(ref _deliveries, d => d.Add(delivery));
        workspace.Changes.Raise();
        return delivery;
    }

    /// <summary>Posts a signed form, as interactions and commands are sent.</summary>
    public async Task<SlackHttpAnswer> Post(Uri url, string form)
    {
        using var request = Request(url, form, "application/x-www-form-urlencoded", null, null);
        return await Exchange(request);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task SendWithRetries(SlackEvent e)
    {
        var delivery = await Deliver(e, 0, null, null, null);
        for (var retry = 1; retry <= RetryDelays.Length && delivery is { IsTaken: false, NoRetry: false }; retry++)
        {
            await Task.Delay(RetryDelays[retry - 1], workspace.Options.TimeProvider, _stopping.Token);
            delivery = await Deliver(e, retry, delivery.Failure, null, null);
        }
    }

    private HttpRequestMessage Request(Uri url, string body, string type, string? secret, DateTimeOffset? signedAt)
    {
        var timestamp = (signedAt ?? workspace.Clock.Now).ToUnixTimeSeconds().ToString();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Add("X-Slack-Request-Timestamp", timestamp);
        request.Headers.Add("X-Slack-Signature", SlackSignature.Sign(secret ?? workspace.Options.SigningSecret, timestamp, body));
        request.Headers.UserAgent.ParseAdd("Slackbot/1.0");
        return request;
    }

    private async Task<SlackHttpAnswer> Exchange(HttpRequestMessage request)
    {
        using var patience = new CancellationTokenSource(Patience, workspace.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            var noRetry = response.Headers.TryGetValues("x-slack-no-retry", out var values) && values.Contains("1");
            return new SlackHttpAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync(either.Token), null, noRetry);
        }
        catch (HttpRequestException)
        {
            return new SlackHttpAnswer(null, "", "connection_failed", false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new SlackHttpAnswer(null, "", "http_timeout", false);
        }
    }
}

/// <param name="Status">Null when there was no answer.</param>
internal sealed record SlackHttpAnswer(int? Status, string Body, string? Failure, bool NoRetry);
