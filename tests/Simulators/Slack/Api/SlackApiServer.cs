using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bots.Simulators.Slack.Events;
using Bots.Simulators.Slack.State;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.Slack.Api;

/// <summary>The Web API: token, faults, limits, the method, the answer.</summary>
internal sealed class SlackApiServer(SlackWorkspace workspace, EventPublisher events, Triggers triggers)
{
    private readonly RateLimiter _limiter = new(workspace.Options.RateLimits, workspace.Options.TimeProvider);
    private ImmutableList<SlackCall> _calls = [];

    public Faults Faults { get; } = new();

    public IReadOnlyList<SlackCall> Calls => _calls;

    public async Task Handle(HttpContext context)
    {
        var method = (string)context.Request.RouteValues["method"]!;
        var answer = new SlackAnswer(context);
        SlackArgs args;
        try
        {
            args = await SlackBody.Read(context.Request, method);
        }
        catch (SlackRefusal refusal)
        {
            Log(method, new SlackArgs([]), 200, await answer.Send(Refusal(refusal)));
            return;
        }

        var fault = Faults.Next(method);
        if (fault is SlackFault.Held { AfterEffect: false } hold)
            await hold.Release.WaitAsync(context.RequestAborted);
        if (fault is SlackFault.Drop { AfterEffect: false })
        {
            Log(method, args, null, null);
            context.Abort();
            return;
        }

        if (fault is SlackFault.HttpStatus status)
        {
            Log(method, args, status.Code, await answer.SendStatus(status.Code));
            return;
        }

        var wait = fault is SlackFault.TooMany many ? many.RetryAfter : _limiter.Take(method, args.Text("channel"));
        if (wait is { } time)
        {
            Log(method, args, 429, await answer.SendTooMany(time));
            return;
        }

        var body = fault is SlackFault.Refused refused ? Refusal(new SlackRefusal(refused.Code)) : Run(context, method, args);
        if (fault is SlackFault.Drop)
        {
            Log(method, args, null, body.ToJsonString());
            context.Abort();
            return;
        }

        if (fault is SlackFault.Cut)
        {
            Log(method, args, null, body.ToJsonString());
            await answer.SendHalf(body);
            return;
        }

        Log(method, args, 200, body.ToJsonString());
        if (fault is SlackFault.Held held)
            await held.Release.WaitAsync(context.RequestAborted);
        await answer.Send(body);
    }

    private JsonObject Run(HttpContext context, string method, SlackArgs args)
    {
        try
        {
            var run = SlackMethods.Find(method, workspace.Options) ?? throw new SlackRefusal("unknown_method");
            CheckToken(context, args);
            var result = run(new SlackCallContext(workspace, args, events, triggers));
            result.Insert(0, "ok", true);
            return result;
        }
        catch (SlackRefusal refusal)
        {
            return Refusal(refusal);
        }
    }

    private void CheckToken(HttpContext context, SlackArgs args)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..] : context.Request.HasJsonContentType() ? null : args.Text("token");
        if (token is null)
            throw new SlackRefusal("not_authed");
        if (token != workspace.Options.BotToken)
            throw new SlackRefusal("invalid_auth");
    }

    private static JsonObject Refusal(SlackRefusal refusal)
    {
        var body = new JsonObject { ["ok"] = false, ["error"] = refusal.Error };
        if (refusal.Messages.Count > 0)
            body["response_metadata"] = new JsonObject { ["messages"] = new JsonArray([.. refusal.Messages.Select(m => JsonValue.Create(m))]) };
        return body;
    }

    private void Log(string method, SlackArgs args, int? status, string? response)
    {
        var call = new SlackCall(method, args.Log(), workspace.Clock.Now, status, response);
        ImmutableInterlocked.Update(ref _calls, calls => calls.Add(call));
        workspace.Changes.Raise();
    }
}
