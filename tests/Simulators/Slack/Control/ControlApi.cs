using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.Slack.Control;

/// <summary>Lets a page in a browser see the workspace and act for its people.</summary>
internal static class ControlApi
{
    private static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(50);

    public static void Map(WebApplication app, SlackSimulator simulator)
    {
        app.Use(LocalOrigins.Guard);
        var group = app.MapGroup("/_sim");
        group.MapGet("/state", () => Json(ControlState.Of(simulator.Workspace)));
        group.MapGet("/stream", (HttpContext context) => Stream(context, simulator));
        Act(group, "say", async b => new JsonObject { ["ts"] = await simulator.Say(Need(b, "user"), Channel(simulator, b), Need(b, "text"), Maybe(b, "thread_ts")) });
        Act(group, "click", async b => Shown(await simulator.Click(Need(b, "user"), Need(b, "channel"), Need(b, "ts"), Need(b, "action_id"), Maybe(b, "value"))));
        Act(group, "select", async b => Shown(await simulator.Select(Need(b, "user"), Need(b, "channel"), Need(b, "ts"), Need(b, "action_id"), Need(b, "value"))));
        Act(group, "submit", async b => Shown(await simulator.SubmitView(Need(b, "user"), Need(b, "view"), Values(b))));
        Act(group, "close", async b =>
        {
            await simulator.CloseView(Need(b, "user"), Need(b, "view"));
            return [];
        });
    }

    private static void Act(RouteGroupBuilder group, string name, Func<JsonObject, Task<JsonObject>> act) => group.MapPost($"/{name}", async (HttpContext context) =>
    {
        if (!context.Request.HasJsonContentType())
            return Refused("The body must be JSON.", StatusCodes.Status415UnsupportedMediaType);
        try
        {
            var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
            var result = await act(body ?? throw new SlackDrivingException("The body must be a JSON object."));
            result.Insert(0, "ok", true);
            return Json(result);
        }
        catch (Exception e) when (e is SlackDrivingException or System.Text.Json.JsonException)
        {
            return Refused(e.Message, StatusCodes.Status400BadRequest);
        }
    });

    /// <summary>One event per change; changes that come together make one event.</summary>
    private static async Task Stream(HttpContext context, SlackSimulator simulator)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        var stopped = context.RequestAborted;
        while (!stopped.IsCancellationRequested)
        {
            var next = simulator.Changes.Next;
            await context.Response.WriteAsync($"event: change\ndata: {{\"version\":{simulator.Changes.Version}}}\n\n", stopped);
            await context.Response.Body.FlushAsync(stopped);
            await next.WaitAsync(stopped);
            await Task.Delay(Coalescing, TimeProvider.System, stopped);
        }
    }

    /// <summary>The word <c>dm</c> stands for the person's conversation with the app.</summary>
    private static string Channel(SlackSimulator simulator, JsonObject body) =>
        Need(body, "channel") is var channel && channel == "dm" ? simulator.DirectChannel(Need(body, "user")) : channel;

    private static JsonObject Shown(SlackInteraction interaction) => new() { ["status"] = interaction.Status };

    private static JsonObject Shown(SlackSubmission submission)
    {
        var errors = new JsonObject();
        foreach (var (block, text) in submission.Errors)
            errors[block] = text;
        return new JsonObject { ["outcome"] = submission.Outcome.ToString().ToLowerInvariant(), ["errors"] = errors };
    }

    private static Dictionary<string, string> Values(JsonObject body) =>
        (body["values"] as JsonObject ?? []).Where(v => v.Value is not null).ToDictionary(v => v.Key, v => v.Value!.ToString(), StringComparer.Ordinal);

    private static string Need(JsonObject body, string name) => Maybe(body, name) ?? throw new SlackDrivingException($"'{name}' is missing.");

    private static string? Maybe(JsonObject body, string name) => body[name]?.ToString();

    private static IResult Json(JsonObject body) => Results.Text(body.ToJsonString(), "application/json");

    private static IResult Refused(string error, int status) =>
        Results.Text(new JsonObject { ["ok"] = false, ["error"] = error }.ToJsonString(), "application/json", statusCode: status);
}
