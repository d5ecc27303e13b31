using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.Api;
using Bots.Simulators.Slack.Events;
using Bots.Simulators.Slack.State;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Slack.Interaction;

/// <summary>The addresses an app may answer an interaction at: five times within half an hour, without a token.</summary>
internal sealed class ResponseUrls(SlackWorkspace workspace, EventPublisher events)
{
    private const int MaxUses = 5;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <summary>Where the simulator listens.</summary>
    public Uri BaseUrl { get; set; } = null!;

    public Uri New(string channel, string user, string? thread = null, SlackMessage? message = null, SlackEphemeral? ephemeral = null)
    {
        var id = SlackIds.Secret(32);
        _places[id] = new Place(channel, user, thread, message, ephemeral, workspace.Clock.Now);
        return new Uri(BaseUrl, $"actions/{workspace.Options.TeamId}/{id}");
    }

    public async Task Handle(HttpContext context)
    {
        if (!_places.TryGetValue((string)context.Request.RouteValues["id"]!, out var place) || workspace.Clock.Now - place.At > Lifetime)
        {
            await Answer(context, 404, "expired_url");
            return;
        }

        if (Interlocked.Increment(ref place.Uses) > MaxUses)
        {
            await Answer(context, 404, "used_url");
            return;
        }

        try
        {
            var args = context.Request.HasJsonContentType() ? await SlackBody.Read(context.Request, "response_url") : throw new SlackRefusal("invalid_payload");
            Apply(place, args);
            await Answer(context, 200, null);
        }
        catch (SlackRefusal refusal)
        {
            await Answer(context, 400, refusal.Error);
        }
    }

    private void Apply(Place place, SlackArgs args)
    {
        if (args.Flag("delete_original"))
            Delete(place);
        else if (args.Flag("replace_original"))
            Replace(place, MessageContent.Read(args));
        else
            Post(place, args, MessageContent.Read(args));
    }

    private void Delete(Place place)
    {
        if (place.Ephemeral is { } ephemeral)
            workspace.ChangeEphemeral(ephemeral, ephemeral with { IsDeleted = true });
        else if (place.Message is { } message)
            events.Deleted(workspace.Change(message.Channel, message.Ts, m => m with { IsDeleted = true }));
        else
            throw new SlackRefusal("message_not_found");
    }

    private void Replace(Place place, MessageContent content)
    {
        var blocks = content.HasBlocks ? content.Blocks : null;
        if (place.Ephemeral is { } ephemeral)
            workspace.ChangeEphemeral(ephemeral, ephemeral with { Text = content.Text ?? "", Blocks = blocks });
        else if (place.Message is { } message && workspace.Find(message.Channel, message.Ts) is { IsDeleted: false } before)
            events.Changed(workspace.Edit(message.Channel, message.Ts, m => m with { Text = content.Text ?? "", Blocks = blocks }), before);
        else
            throw new SlackRefusal("message_not_found");
    }

    private void Post(Place place, SlackArgs args, MessageContent content)
    {
        var blocks = content.HasBlocks ? content.Blocks : null;
        var thread = args.Text("thread_ts") ?? place.Thread;
        switch (args.Text("response_type") ?? "ephemeral")
        {
            case "ephemeral":
                workspace.Whisper(place.Channel, place.User, thread, content.Text ?? "", blocks);
                break;
            case "in_channel" when place.Ephemeral is null:
                events.Posted(workspace.Post(place.Channel, workspace.Bot.Id, content.Text ?? "", m => m with
                {
                    BotId = workspace.Options.BotId,
                    ThreadTs = args.Text("thread_ts"),
                    Blocks = blocks,
                }));
                break;
            default:
                throw new SlackRefusal("invalid_response_type");
        }
    }

    private static Task Answer(HttpContext context, int status, string? error)
    {
        context.Response.StatusCode = status;
        var body = new JsonObject { ["ok"] = error is null };
        if (error is not null)
            body["error"] = error;
        return context.Response.WriteAsync(body.ToJsonString());
    }

    private sealed class Place(string channel, string user, string? thread, SlackMessage? message, SlackEphemeral? ephemeral, DateTimeOffset at)
    {
        public int Uses;

        public string Channel { get; } = channel;

        public string User { get; } = user;

        public string? Thread { get; } = thread;

        public SlackMessage? Message { get; } = message;

        public SlackEphemeral? Ephemeral { get; } = ephemeral;

        public DateTimeOffset At { get; } = at;
    }
}
