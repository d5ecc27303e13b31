using System.Globalization;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;

namespace Bots.Bench.Engine;

/// <summary>Follows one session over HTTP, as the console does, and notes how old each of the agent's steps is when it comes.</summary>
public sealed class Watcher(HttpClient http, string session)
{
    private readonly List<double> _ages = [];
    private long _sequence;
    private long _step;

    /// <summary>Steps seen since <see cref="Begin"/>, in milliseconds from the agent's clock to this one.</summary>
    public IReadOnlyList<double> Ages
    {
        get
        {
            lock (_ages) return [.. _ages];
        }
    }

    /// <summary>The last step that was seen.</summary>
    public long Step => Volatile.Read(ref _step);

    /// <summary>What was missing or came twice; null when nothing.</summary>
    public string? Gap { get; private set; }

    public void Begin()
    {
        lock (_ages) _ages.Clear();
    }

    /// <summary>Until cancelled, or the service is gone; can be called again then.</summary>
    public async Task Follow(Uri service, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service, $"api/sessions/{session}/events?after={_sequence}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            response.EnsureSuccessStatusCode();
            await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(cancellation)).EnumerateAsync(cancellation)) Take(item.Data);
        }
        catch (Exception gone) when (gone is OperationCanceledException or HttpRequestException or IOException)
        {
            return;
        }
    }

    private void Take(string data)
    {
        var now = TimeProvider.System.GetUtcNow();
        var logged = JsonSerializer.Deserialize<LoggedEvent>(data, EngineJson.Options)!;
        if (logged.Sequence != _sequence + 1) Gap ??= $"event {logged.Sequence} after {_sequence}";
        _sequence = logged.Sequence;
        if (logged.Event is not SessionEvent.ToolCallChanged { Call.Title: { } title }) return;
        var words = title.Split(' ');
        var step = long.Parse(words[0], CultureInfo.InvariantCulture);
        if (step != _step + 1) Gap ??= $"step {step} after {_step}";
        Volatile.Write(ref _step, step);
        lock (_ages) _ages.Add((now - DateTimeOffset.UnixEpoch).TotalMilliseconds - double.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
