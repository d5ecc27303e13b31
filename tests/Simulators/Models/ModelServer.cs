using System.Text.Json;
using System.Text.Json.Nodes;
using Bots.Simulators.Models.Anthropic;
using Bots.Simulators.Models.OpenAi;
using Bots.Simulators.Models.OpenAi.Responses;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.Models;

/// <summary>The HTTP side: routes, the key, bodies, error shapes.</summary>
internal sealed class ModelServer(ModelSimulatorOptions options, ModelStage stage)
{
    private readonly OpenAiProtocol _openAi = new(options.TimeProvider);
    private readonly ResponsesProtocol _responses = new(options.TimeProvider);
    private readonly AnthropicProtocol _anthropic = new();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/chat/completions", context => Answer(context, _openAi));
        routes.MapPost("/v1/responses", context => Answer(context, _responses));
        routes.MapPost("/v1/messages", context => Answer(context, _anthropic));
        routes.MapPost("/v1/messages/count_tokens", CountTokens);
        routes.MapGet("/v1/models", ListModels);
        routes.MapFallback(context => Refuse(context, ProtocolOf(context), new ModelRefusal(404, "invalid_request_error", $"Invalid URL ({context.Request.Method} {context.Request.Path})")));
    }

    private async Task Answer(HttpContext context, IModelProtocol protocol)
    {
        await Guarded(context, protocol, async number =>
        {
            var request = protocol.Parse(await ReadBody(context), context.Request.Headers);
            stage.Update(number, e => e with { Request = request });
            if (!options.Models.Contains(request.Model))
                throw protocol is not AnthropicProtocol
                    ? new ModelRefusal(404, "invalid_request_error", $"The model `{request.Model}` does not exist or you do not have access to it.", null, "model_not_found")
                    : new ModelRefusal(404, "not_found_error", $"model: {request.Model}");
            await stage.Play(number, request, context, protocol);
        });
    }

    private Task CountTokens(HttpContext context) => Guarded(context, _anthropic, async _ =>
    {
        var body = await ReadBody(context);
        AnthropicRequestParser.Parse(body, context.Request.Headers, counting: true);
        await context.Response.WriteAsJsonAsync(new JsonObject { ["input_tokens"] = Math.Max(1, body.GetRawText().Length / 4) });
    });

    private Task ListModels(HttpContext context) => Guarded(context, ProtocolOf(context), _ => context.Response.WriteAsJsonAsync(ModelList.Of(options.Models, ProtocolOf(context) == _anthropic)));

    private async Task Guarded(HttpContext context, IModelProtocol protocol, Func<int, Task> act)
    {
        var number = stage.Open();
        try
        {
            CheckKey(context, protocol);
            await act(number);
            stage.Update(number, e => e with { Status = e.Status ?? context.Response.StatusCode });
        }
        catch (ModelRefusal refusal)
        {
            stage.Refused(number, refusal);
            await Refuse(context, protocol, refusal);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            stage.Update(number, e => e with { Cancelled = true });
        }
    }

    private void CheckKey(HttpContext context, IModelProtocol protocol)
    {
        var headers = context.Request.Headers;
        var bearer = headers.Authorization.ToString();
        var key = headers["x-api-key"].FirstOrDefault() ?? (bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer[7..] : null);
        if (key == options.ApiKey)
            return;
        throw protocol is not AnthropicProtocol
            ? new ModelRefusal(401, "invalid_request_error", key is null ? "You didn't provide an API key." : "Incorrect API key provided.", null, "invalid_api_key")
            : new ModelRefusal(401, "authentication_error", key is null ? "x-api-key header is required" : "invalid x-api-key");
    }

    private static async Task<JsonElement> ReadBody(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw ModelRefusal.Invalid("The request's content type must be application/json.");
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw ModelRefusal.Invalid("The request body must be a JSON object.");
        }
        catch (JsonException)
        {
            throw ModelRefusal.Invalid("We could not parse the JSON body of your request.");
        }
    }

    private IModelProtocol ProtocolOf(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/v1/messages") || context.Request.Headers.ContainsKey("anthropic-version") ? _anthropic : _openAi;

    private static async Task Refuse(HttpContext context, IModelProtocol protocol, ModelRefusal refusal)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "application/json";
        if (refusal.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString();
        await context.Response.WriteAsync(refusal.Body ?? protocol.Error(refusal));
    }
}
