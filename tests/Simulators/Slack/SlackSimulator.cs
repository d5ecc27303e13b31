using Bots.Simulators.Slack.Api;
using Bots.Simulators.Slack.Control;
using Bots.Simulators.Slack.Events;
using Bots.Simulators.Slack.Interaction;
using Bots.Simulators.Slack.State;
using Microsoft.AspNetCore.Builder;

namespace Bots.Simulators.Slack;

/// <summary>A Slack workspace on 127.0.0.1 with one app in it. What people do is driven from here; what the app does comes over HTTP.</summary>
public sealed class SlackSimulator : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly SlackWorkspace _workspace;
    private readonly SlackApiServer _api;
    private readonly EventSender _sender;
    private readonly Talking _talking;
    private readonly Clicking _clicking;
    private readonly Submitting _submitting;
    private readonly EventPublisher _events;

    private SlackSimulator(SlackSimulatorOptions options)
    {
        Changes = new ChangeSignal();
        var triggers = new Triggers(options.TimeProvider);
        _workspace = new SlackWorkspace(options, Changes);
        _sender = new EventSender(_workspace);
        _events = new EventPublisher(_workspace, _sender);
        Responses = new ResponseUrls(_workspace, _events);
        _api = new SlackApiServer(_workspace, _events, triggers);
        _talking = new Talking(_workspace, _events, _sender, triggers, Responses);
        _clicking = new Clicking(_workspace, _sender, triggers, Responses);
        _submitting = new Submitting(_workspace, _sender, triggers, _clicking);
        _app = SimulatorHost.Create(options.Port);
    }

    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Base of the Web API: <c>…/api/</c>.</summary>
    public Uri ApiUrl => new(BaseUrl, "api/");

    public SlackSimulatorOptions Options => _workspace.Options;

    /// <summary>Where events go; null sends none.</summary>
    public Uri? EventsUrl
    {
        get => _sender.Url;
        set => _sender.Url = value;
    }

    public Uri? InteractivityUrl
    {
        get => _clicking.Url;
        set => _clicking.Url = value;
    }

    public Uri? CommandsUrl
    {
        get => _talking.CommandsUrl;
        set => _talking.CommandsUrl = value;
    }

    /// <summary>Raised whenever anything happened: a message, a call, a delivery, a view.</summary>
    public ChangeSignal Changes { get; }

    public IReadOnlyList<SlackChannel> Channels => _workspace.Channels;

    /// <summary>All ephemeral messages, each with the person who sees it.</summary>
    public IReadOnlyList<SlackEphemeral> Ephemerals => _workspace.Ephemerals;

    /// <summary>Views on somebody's screen.</summary>
    public IReadOnlyList<SlackView> OpenViews => [.. _workspace.Views.All.Where(v => v.IsOpen)];

    /// <summary>Every call of the Web API, in the order of its effect.</summary>
    public IReadOnlyList<SlackCall> Calls => _api.Calls;

    /// <summary>Every attempt to deliver an event.</summary>
    public IReadOnlyList<SlackDelivery> Deliveries => _sender.Deliveries;

    internal SlackWorkspace Workspace => _workspace;

    internal ResponseUrls Responses { get; }

    public static async Task<SlackSimulator> Start(SlackSimulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var simulator = new SlackSimulator(options);
        await simulator.Listen();
        return simulator;
    }

    /// <summary>All messages of a channel, replies and deleted ones included, from old to new.</summary>
    public IReadOnlyList<SlackMessage> Messages(string channel) => _workspace.Messages(channel);

    /// <summary>A thread's parent and replies that are not deleted.</summary>
    public IReadOnlyList<SlackMessage> Thread(string channel, string ts) =>
        Message(channel, ts) is { IsDeleted: false } parent ? [parent, .. _workspace.Replies(channel, ts)] : _workspace.Replies(channel, ts);

    /// <summary>The message, or null.</summary>
    public SlackMessage? Message(string channel, string ts) => _workspace.Find(channel, ts);

    /// <summary>The status line the app shows under a thread, or null.</summary>
    public string? ThreadStatus(string channel, string ts) => _workspace.Status(channel, ts);

    /// <summary>The id of the person's conversation with the app.</summary>
    public string DirectChannel(string user) => _workspace.Direct(user).Id;

    /// <summary>Adds a channel or changes one: its members, whether it is archived.</summary>
    public void Put(SlackChannel channel) => _workspace.Put(channel);

    /// <summary>A person writes. Text is as typed: names after an @ become mentions; mentions written out work too.</summary>
    /// <returns>The message's ts; its events are under way.</returns>
    public Task<string> Say(string userId, string channelId, string text, string? threadTs = null) =>
        Task.FromResult(_talking.Say(userId, channelId, text, threadTs).Ts);

    /// <summary>A person writes, and the events are yours to deliver.</summary>
    public (string Ts, IReadOnlyList<SlackEvent> Events) SayQuietly(string userId, string channelId, string text, string? threadTs = null)
    {
        var message = _talking.Write(userId, channelId, text, threadTs);
        return (message.Ts, EventComposer.Posted(message, _workspace.Channel(channelId)!, _workspace));
    }

    /// <summary>A person edits a message of theirs.</summary>
    public void Edit(string userId, string channelId, string ts, string text) => _talking.Edit(userId, channelId, ts, text);

    /// <summary>A person deletes a message of theirs.</summary>
    public void Delete(string userId, string channelId, string ts) => _talking.Delete(userId, channelId, ts);

    /// <summary>A person adds a reaction, or takes it away.</summary>
    public void React(string userId, string channelId, string ts, string name, bool remove = false) => _talking.React(userId, channelId, ts, name, remove);

    /// <summary>Delivers an event once and tells how it was taken. May be called concurrently for the same event.</summary>
    /// <param name="retry">1 to 3 sets the retry headers.</param>
    /// <param name="secret">Signs with another secret.</param>
    /// <param name="signedAt">Signs with another time.</param>
    public Task<SlackDelivery> Deliver(SlackEvent e, int retry = 0, string? reason = null, string? secret = null, DateTimeOffset? signedAt = null) =>
        _sender.Deliver(e, retry, reason, secret, signedAt);

    /// <summary>An envelope around any inner event, for events no person causes here.</summary>
    public SlackEvent Compose(System.Text.Json.Nodes.JsonObject inner) => EventComposer.Envelope(inner, _workspace);

    /// <summary>Asks the events URL for the challenge, as Slack does when the URL is entered.</summary>
    public Task<bool> VerifyEventsUrl() => UrlVerification.Run(_sender);

    /// <summary>A person presses a button; the button must be there.</summary>
    /// <param name="value">Tells buttons with the same action id apart.</param>
    public Task<SlackInteraction> Click(string userId, string channelId, string messageTs, string actionId, string? value = null) =>
        _clicking.Click(userId, channelId, messageTs, actionId, value);

    /// <summary>A person picks an option of a select, radio group or overflow menu.</summary>
    public Task<SlackInteraction> Select(string userId, string channelId, string messageTs, string actionId, string optionValue) =>
        _clicking.Select(userId, channelId, messageTs, actionId, optionValue);

    /// <summary>A person submits a view.</summary>
    /// <param name="values">By action id or block id.</param>
    public Task<SlackSubmission> SubmitView(string userId, string viewId, IReadOnlyDictionary<string, string> values) => _submitting.Submit(userId, viewId, values);

    public Task CloseView(string userId, string viewId) => _submitting.Close(userId, viewId);

    /// <summary>A person types a slash command.</summary>
    public Task<SlackInteraction> Command(string userId, string channelId, string command, string text) => _talking.Command(userId, channelId, command, text);

    /// <summary>Lets the next <paramref name="times"/> calls of a method (<c>*</c>: any) go wrong.</summary>
    public void Fail(string method, SlackFault fault, int times = 1) => _api.Faults.Add(method, fault, times);

    /// <summary>Waits, in real time and 30 s unless told otherwise, for a message of the channel, past or future, that is as it should be.</summary>
    public Task<SlackMessage> WaitFor(string channel, Func<SlackMessage, bool> predicate, TimeSpan? timeout = null) => Changes.WaitFor(
        () => Messages(channel).FirstOrDefault(m => !m.IsDeleted && predicate(m)),
        timeout ?? Patience,
        () => $"{channel} holds: {string.Join(" | ", Messages(channel).Select(m => $"{m.User}: {m.Text}"))}. Last call: {(Calls.Count == 0 ? "none" : $"{Calls[^1].Method} {Calls[^1].Response}")}");

    /// <summary>Waits until the condition holds; it is looked at after every change.</summary>
    public Task WaitForState(Func<bool> condition, TimeSpan? timeout = null) =>
        Changes.WaitFor(() => condition() ? this : null, timeout ?? Patience, () => $"{Calls.Count} calls, {Deliveries.Count} deliveries.");

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        await SimulatorHost.Stop(_app);
    }

    private async Task Listen()
    {
        _app.Map("/api/{method}", _api.Handle);
        _app.MapPost("/actions/{team}/{id}", Responses.Handle);
        ControlApi.Map(_app, this);
        await _app.StartAsync();
        BaseUrl = SimulatorHost.Address(_app);
        Responses.BaseUrl = BaseUrl;
    }
}
