using System.Diagnostics;
using Bots.Engine;
using Bots.Engine.Gateway;
using Bots.Engine.Models;
using Bots.Engine.Sessions;
using Bots.Engine.Telemetry;

namespace Bots.Gateway;

/// <summary><c>/llm/{provider}/…</c>: passes model calls on with the provider's key and counts what they use.</summary>
internal sealed partial class ModelProxy(
    ModelProviders providers,
    IGatewayAccess access,
    ModelRooms rooms,
    ModelGate gate,
    ModelRetry retry,
    ModelTrouble trouble,
    IHttpClientFactory clients,
    IHostApplicationLifetime life,
    TurnTraces turns,
    ModelNames names,
    TimeProvider time,
    ILogger<ModelProxy> log)
{
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(5);

    public async Task Handle(HttpContext context, string providerId, string path)
    {
        var provider = providers.Find(providerId);
        var kind = provider?.Kind ?? ModelRoute.Guess(context.Request, path);
        var token = SessionToken.Find(context.Request.Headers);
        var caller = token is null ? null : await access.Authenticate(token, context.RequestAborted);
        if (caller is null)
        {
            await ModelErrors.Write(context, kind, 401, "The gateway knows no live session with this token. Send the session token (BOTS_TOKEN) as the API key.");
            return;
        }

        if (caller.Session is not { } session)
        {
            await ModelErrors.Write(context, kind, 403, "This sandbox belongs to no session yet: it cannot call a model.");
            return;
        }

        using var named = LogScopes.Session(log, session);
        if (provider is null)
        {
            await ModelErrors.Write(context, kind, 404, $"No model provider '{Printable.Of(providerId)}' is configured. Configured: {Names()}. Add Models:Providers:{{id}} to use another.");
            return;
        }

        if (ModelRoute.Find(kind, context.Request.Method, path) is not { } route)
        {
            await ModelErrors.Write(context, kind, 404, $"The gateway does not pass on {context.Request.Method} {Printable.Of(path)} to {provider.Id}.");
            return;
        }

        using var place = await Enter(context, caller, provider, route);
        if (place is null) return;
        var request = route.HasBody ? await ReadRequest(context, route, place) : ModelRequest.None;
        if (request is null) return;
        var call = new ModelCall(session, caller.Repository, token!, provider, route, request);
        using var span = Spans.Begin("model", ActivityKind.Client, turns.Of(session));
        span?.SetTag(SpanTags.Session, session.Value).SetTag("gen_ai.provider.name", provider.Id).SetTag("gen_ai.request.model", names.Of(provider.Id, request.Model));
        if (await Refused(context, call)) span?.SetTag(SpanTags.Outcome, "refused");
        else await Pass(context, call, span);
    }

    /// <returns>Null when too much is under way, which is answered, or the caller has gone.</returns>
    private async Task<ModelRooms.Place?> Enter(HttpContext context, GatewayCaller caller, ModelProvider provider, ModelRoute route)
    {
        try
        {
            if (await rooms.Enter(context, caller.Sandbox, route.HasBody) is { } place) return place;
            Crowded(caller.Name, provider.Id);
            context.Response.Headers.RetryAfter = $"{ComeBack.TotalSeconds:0}";
            await ModelErrors.Write(context, provider.Kind, 429, $"The gateway has as many model calls under way as it can hold ({ModelRooms.MostCalls} of one sandbox at most). Try again in a moment.");
        }
        catch (OperationCanceledException gone) when (context.RequestAborted.IsCancellationRequested)
        {
            CallerLeft(gone, caller.Session!.Value, provider.Id);
        }

        return null;
    }

    private async Task<bool> Refused(HttpContext context, ModelCall call)
    {
        try
        {
            if (await gate.Refusal(call, context.RequestAborted) is not { } refusal) return false;
            Refused(call.Session, call.Provider.Id, Printable.Of(call.Request.Model), refusal.Status);
            if (refusal.Status == 429) context.Response.Headers.RetryAfter = "1";
            await ModelErrors.Write(context, call.Provider.Kind, refusal.Status, refusal.Why);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested)
        {
            CallerLeft(gone, call.Session, call.Provider.Id);
        }

        return true;
    }

    /// <returns>Null when it was refused, and the refusal is written.</returns>
    private static async Task<ModelRequest?> ReadRequest(HttpContext context, ModelRoute route, ModelRooms.Place place)
    {
        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            await ModelErrors.Write(context, route.Kind, 415, "The gateway reads the model from the request: send it without Content-Encoding.");
            return null;
        }

        using var body = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, ModelRooms.MostRequestBytes));
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException problem)
        {
            await ModelErrors.Write(context, route.Kind, problem.StatusCode, "The request body could not be read: " + problem.Message);
            return null;
        }

        place.Keep(body.Length);
        try
        {
            return ModelRequest.Read(body.GetBuffer().AsMemory(0, (int)body.Length), route.Kind, route.MustAskForUsage);
        }
        catch (FormatException problem)
        {
            await ModelErrors.Write(context, route.Kind, 400, problem.Message);
            return null;
        }
    }

    private async Task Pass(HttpContext context, ModelCall call, Activity? span)
    {
        var started = time.GetTimestamp();
        var (status, bytes, succeeded) = (0, 0L, false);
        UsageMeter? meter = null;
        await using var patience = new ModelPatience(time, () => ReadsOn(call.Session, call.Provider.Id), context.RequestAborted, life.ApplicationStopping);
        try
        {
            using var client = clients.CreateClient(GatewaySetup.Client);
            using var response = await retry.Send(client, () => call.Build(context.Request), call.Provider.Id, context.RequestAborted, patience.Token);
            (status, succeeded) = ((int)response.StatusCode, response.IsSuccessStatusCode);
            meter = new UsageMeter(call.Provider.Kind, response.Content);
            bytes = await ModelResponse.Copy(response, context, call.Provider, meter, patience);
            if (patience.CallerLeft) status = 499;
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested || patience.Token.IsCancellationRequested)
        {
            CallerLeft(gone, call.Session, call.Provider.Id);
            status = 499;
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            UpstreamFailed(problem, call.Session, call.Provider.Id);
            // Looked at before the connection is broken off here: that is no leaving.
            status = patience.CallerLeft ? 499 : 502;
            if (context.Response.HasStarted) context.Abort();
            else await ModelErrors.Write(context, call.Provider.Kind, 502, UpstreamProblem.Describe($"The model provider '{call.Provider.Id}'", call.Provider.BaseUrl, problem));
        }

        var told = call.Route.Spends && succeeded ? meter?.Finish() : null;
        if (call.Route.Spends && status != 499) Judge(call, status, told);
        var spent = succeeded ? meter!.IsAnswer || status == 499 : meter is null && patience.Token.IsCancellationRequested;
        var usage = told ?? (call.Route.Spends && spent ? UsageMeter.Estimate(call.Request.Body.Length, meter?.Bytes ?? 0) : null);
        await Record(call, usage);
        var used = usage ?? TokenUsage.None;
        span?.SetTag("http.response.status_code", status).SetTag("gen_ai.usage.input_tokens", used.Input + used.CacheRead + used.CacheWrite).SetTag("gen_ai.usage.output_tokens", used.Output);
        if (status is 0 or >= 400) span?.SetStatus(ActivityStatusCode.Error);
        Left(call.Session, call.Provider.Id, Printable.Of(call.Request.Model), call.Route.Path, status, call.Request.Body.Length, bytes,
            used.Input + used.CacheRead + used.CacheWrite, used.Output, used.IsEstimate ? "estimated " : "", (long)time.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>An answer without a single token counted was none, whatever its status.</summary>
    private void Judge(ModelCall call, int status, TokenUsage? usage)
    {
        if (status is >= 200 and < 300 && usage is not null) trouble.Succeeded(call.Session);
        else trouble.Failed(call.Session, status is >= 200 and < 300
            ? $"The model provider '{call.Provider.Id}' answers with something that is no model's answer. Whoever runs this service should check Models:Providers:{call.Provider.Id}:BaseUrl."
            : $"The model provider '{call.Provider.Id}' keeps answering with status {status}. Try again later, or ask whoever runs this service to look at it.");
    }

    /// <summary>Written also when the caller has gone: the tokens were spent.</summary>
    private async Task Record(ModelCall call, TokenUsage? usage)
    {
        if (usage is null) return;
        try
        {
            await access.RecordUsage(call.Session, call.Provider.Id, call.Request.Model, usage, CancellationToken.None);
        }
        catch (Exception problem)
        {
            NotRecorded(problem, call.Session, call.Provider.Id, usage.Total);
        }
    }

    private string Names() => providers.All.Count == 0 ? "none" : string.Join(", ", providers.All.Select(provider => provider.Id).Order(StringComparer.Ordinal));

    [LoggerMessage(LogLevel.Information, "Model call of {Session}: {Provider} {Model} {Path} → {Status}, {BytesOut} bytes out, {BytesIn} in, {Estimated}{InputTokens} + {OutputTokens} tokens, {Milliseconds} ms")]
    private partial void Left(SessionId session, string provider, string model, string path, int status, long bytesOut, long bytesIn, long inputTokens, long outputTokens, string estimated, long milliseconds);

    [LoggerMessage(LogLevel.Information, "Model call of {Session}: {Provider} {Model} not allowed now, answered {Status}")]
    private partial void Refused(SessionId session, string provider, string model, int status);

    [LoggerMessage(LogLevel.Warning, "Model call of {Caller} to {Provider} refused: too many are under way")]
    private partial void Crowded(string caller, string provider);

    [LoggerMessage(LogLevel.Information, "The agent of {Session} left a call to {Provider}: its answer is read on, for what it used")]
    private partial void ReadsOn(SessionId session, string provider);

    [LoggerMessage(LogLevel.Debug, "The agent of {Session} left a call to {Provider} whose end is not known")]
    private partial void CallerLeft(Exception problem, SessionId session, string provider);

    [LoggerMessage(LogLevel.Warning, "A model call of {Session} to {Provider} failed on the way")]
    private partial void UpstreamFailed(Exception problem, SessionId session, string provider);

    [LoggerMessage(LogLevel.Error, "The use of a model call of {Session} to {Provider} is not in the log: {Tokens} tokens")]
    private partial void NotRecorded(Exception problem, SessionId session, string provider, long tokens);
}
