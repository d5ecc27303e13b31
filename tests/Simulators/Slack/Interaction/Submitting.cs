using System.Text.Json;
using Bots.Simulators.Slack.Api;
using Bots.Simulators.Slack.Events;
using Bots.Simulators.Slack.State;

namespace Bots.Simulators.Slack.Interaction;

/// <summary>People who submit or close views.</summary>
internal sealed class Submitting(SlackWorkspace workspace, EventSender sender, Triggers triggers, Clicking clicking)
{
    public async Task<SlackSubmission> Submit(string user, string viewId, IReadOnlyDictionary<string, string> values)
    {
        var view = OpenView(user, viewId);
        var state = ViewValues.Of(view, values);
        var payload = Payloads.Common("view_submission", workspace.User(user)!, workspace, triggers.New(user, view.Id));
        payload["view"] = ViewMethods.ViewJson(workspace, view);
        payload["view"]!["state"] = state;
        payload["response_urls"] = new System.Text.Json.Nodes.JsonArray();
        var answer = await Send(payload.ToJsonString());
        return answer.Status == 200 ? Apply(view, answer) : new SlackSubmission(SlackSubmitOutcome.Failed, answer.Status, answer.Body, NoErrors);
    }

    public async Task Close(string user, string viewId)
    {
        var view = OpenView(user, viewId);
        workspace.Views.Close(view.Id);
        if (!view.Content.TryGetProperty("notify_on_close", out var notify) || !notify.GetBoolean())
            return;
        var payload = Payloads.Common("view_closed", workspace.User(user)!, workspace, "");
        payload.Remove("trigger_id");
        payload["view"] = ViewMethods.ViewJson(workspace, view);
        payload["is_cleared"] = false;
        await Send(payload.ToJsonString());
    }

    private static readonly Dictionary<string, string> NoErrors = [];

    private SlackSubmission Apply(SlackView view, SlackHttpAnswer answer)
    {
        SlackSubmission Result(SlackSubmitOutcome outcome) => new(outcome, answer.Status, answer.Body, NoErrors);
        try
        {
            var body = string.IsNullOrWhiteSpace(answer.Body) ? default : JsonSerializer.Deserialize<JsonElement>(answer.Body);
            var action = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("response_action", out var a) ? a.GetString() : null;
            switch (action)
            {
                case null:
                    workspace.Views.Close(view.Id);
                    return Result(SlackSubmitOutcome.Closed);
                case "clear":
                    foreach (var open in workspace.Views.All.Where(v => v.RootId == view.RootId))
                        workspace.Views.Close(open.Id);
                    return Result(SlackSubmitOutcome.Cleared);
                case "update":
                    workspace.Views.Update(view.Id, ViewMethods.Checked(body.GetProperty("view")));
                    return Result(SlackSubmitOutcome.Updated);
                case "push":
                    workspace.Views.Open(view.User, ViewMethods.Checked(body.GetProperty("view")), view);
                    return Result(SlackSubmitOutcome.Pushed);
                case "errors":
                    return Result(SlackSubmitOutcome.Errors) with { Errors = Errors(view, body.GetProperty("errors")) };
                default:
                    return Result(SlackSubmitOutcome.Failed);
            }
        }
        catch (Exception e) when (e is JsonException or SlackRefusal or KeyNotFoundException or InvalidOperationException)
        {
            return Result(SlackSubmitOutcome.Failed);
        }
    }

    /// <summary>Errors belong to input blocks of the view; Slack shows none that do not.</summary>
    private static Dictionary<string, string> Errors(SlackView view, JsonElement errors)
    {
        var inputs = view.Content.GetProperty("blocks").EnumerateArray()
            .Where(b => b.GetProperty("type").GetString() == "input").Select(b => b.GetProperty("block_id").GetString()!).ToHashSet(StringComparer.Ordinal);
        var all = errors.EnumerateObject().ToDictionary(e => e.Name, e => e.Value.GetString()!, StringComparer.Ordinal);
        return all.Count > 0 && all.Keys.All(inputs.Contains) ? all : throw new InvalidOperationException("errors must name input blocks");
    }

    private SlackView OpenView(string user, string viewId) => workspace.Views.Find(viewId) is { IsOpen: true } view && view.User == user
        ? view
        : throw new SlackDrivingException($"{user} has no open view {viewId}.");

    private Task<SlackHttpAnswer> Send(string payload) =>
        sender.Post(clicking.Url ?? throw new SlackDrivingException("There is no interactivity URL."), $"payload={Uri.EscapeDataString(payload)}");
}
