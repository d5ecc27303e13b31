using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Bots.Simulators.GitHub.Rest;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Webhooks;

/// <summary>Delivers events to the app one after the other, once each: the original does not retry.</summary>
internal sealed class WebhookQueue : IAsyncDisposable
{
    private readonly World _world;
    private readonly WebhookSender _sender;
    private readonly Channel<WebhookDelivery> _waiting = Channel.CreateUnbounded<WebhookDelivery>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private ImmutableList<WebhookDelivery> _log = [];

    public WebhookQueue(World world)
    {
        _world = world;
        _sender = new WebhookSender(world.Options);
        Url = world.Options.WebhookUrl;
        _running = Run();
    }

    public Uri? Url { get; set; }

    /// <summary>Nothing is delivered before this is done.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>Attempts, oldest first; those under way are among them.</summary>
    public IReadOnlyList<WebhookDelivery> Log => _log;

    public bool Idle => _log.TrueForAll(d => d.Status != "pending");

    /// <summary>Sends an event to the app, when it is installed where the event happened and subscribed to it.</summary>
    public void Publish(string name, Repository repository, JsonObject payload)
    {
        if (_world.InstallationOf(repository) is not { } installation || !installation.Events.Contains(name)) return;
        Publish(name, installation, repository.Id, payload);
    }

    /// <summary>Sends an event of an installation. No subscription is needed.</summary>
    public void Publish(string name, Installation installation, long? repositoryId, JsonObject payload)
    {
        if (Url is not { } url) return;
        Enqueue(new WebhookDelivery
        {
            Id = _world.NewId(),
            Guid = Guid.NewGuid(),
            Event = name,
            Action = payload["action"]?.GetValue<string>(),
            InstallationId = installation.Id,
            RepositoryId = repositoryId,
            Url = url,
            Payload = payload.ToJsonString(Answer.Json),
        });
    }

    /// <summary>Delivers an event once more, under its GUID.</summary>
    public void Redeliver(WebhookDelivery delivery) => Enqueue(delivery with
    {
        Id = _world.NewId(),
        Url = Url ?? delivery.Url,
        Redelivery = true,
        Status = "pending",
        StatusCode = 0,
        ResponseBody = "",
    });

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _waiting.Writer.TryComplete();
        await _running;
        _sender.Dispose();
        _stopping.Dispose();
    }

    private void Enqueue(WebhookDelivery delivery)
    {
        delivery = delivery with { DeliveredAt = _world.Options.Time.GetUtcNow() };
        ImmutableInterlocked.Update(ref _log, log => log.Add(delivery));
        _waiting.Writer.TryWrite(delivery);
        _world.Changed.Raise();
    }

    private async Task Run()
    {
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (!_stopping.IsCancellationRequested && _waiting.Reader.TryRead(out var delivery))
            {
                await Held.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var attempted = await _sender.Send(delivery, _stopping.Token);
                ImmutableInterlocked.Update(ref _log, log => log.Replace(log.Find(d => d.Id == delivery.Id)!, attempted));
                _world.Changed.Raise();
            }

            if (_stopping.IsCancellationRequested) return;
        }
    }
}
