using System.Globalization;
using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.Rendering;
using Bots.Simulators.GitHub.State;
using Bots.Simulators.GitHub.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>The app's webhook: its configuration, its deliveries, and their repetition.</summary>
internal sealed class HookEndpoints(World world, WebhookQueue queue)
{
    /// <summary>How long the original keeps deliveries.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3);

    public void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/app/hook/config", (HttpContext http) => Answer.Ok(http, Configuration())).AsApp();
        api.MapPatch("/app/hook/config", Configure).AsApp();
        api.MapGet("/app/hook/deliveries", List).AsApp();
        api.MapGet("/app/hook/deliveries/{id}", (HttpContext http) => Answer.Ok(http, Full(Delivery(http)))).AsApp();
        api.MapPost("/app/hook/deliveries/{id}/attempts", Redeliver).AsApp();
    }

    private JsonObject Configuration() => new()
    {
        ["content_type"] = "json", ["insecure_ssl"] = "0", ["secret"] = "********", ["url"] = queue.Url?.AbsoluteUri,
    };

    private Task Configure(HttpContext http)
    {
        if (Call.Of(http).Input.Text("url") is { } url) queue.Url = new Uri(url);
        return Answer.Ok(http, Configuration());
    }

    /// <summary>Newest first; the cursor is the id of the first delivery of the next page.</summary>
    private Task List(HttpContext http)
    {
        var call = Call.Of(http);
        var size = Paging.Of(http.Request).Size;
        var from = long.TryParse(call.Query("cursor"), out var cursor) ? cursor : long.MaxValue;
        if (call.Query("status") is { } unknown and not ("success" or "failure")) throw ApiException.Schema($"status: {unknown} is not one of success, failure");
        var matching = Known
            .Where(d => d.Id <= from)
            .Where(d => call.Query("status") switch { "success" => d.Succeeded, "failure" => !d.Succeeded, _ => true })
            .OrderByDescending(d => d.Id)
            .ToList();
        if (matching.Count > size)
            http.Response.Headers.Link = $"<{new Uri(world.ApiUrl, "app/hook/deliveries")}?per_page={size}{Filter(call)}&cursor={matching[size].Id}>; rel=\"next\"";
        return Answer.Ok(http, new JsonArray([.. matching.Take(size).Select(Short)]));
    }

    private Task Redeliver(HttpContext http)
    {
        queue.Redeliver(Delivery(http));
        return Answer.Ok(http, new JsonObject(), StatusCodes.Status202Accepted);
    }

    private IEnumerable<WebhookDelivery> Known => queue.Log.Where(d => d.Status != "pending" && d.DeliveredAt > world.Options.Time.GetUtcNow() - Kept);

    private static string Filter(Call call) => call.Query("status") is { } status ? $"&status={status}" : "";

    private WebhookDelivery Delivery(HttpContext http) => Known.FirstOrDefault(d => d.Id == Call.Of(http).Id) ?? throw ApiException.NotFound();

    private static JsonObject Short(WebhookDelivery delivery) => new()
    {
        ["id"] = delivery.Id,
        ["guid"] = delivery.Guid.ToString(),
        ["delivered_at"] = Renderer.Time(delivery.DeliveredAt),
        ["redelivery"] = delivery.Redelivery,
        ["duration"] = Math.Round(delivery.Duration.TotalSeconds, 2),
        ["status"] = delivery.Status,
        ["status_code"] = delivery.StatusCode,
        ["event"] = delivery.Event,
        ["action"] = delivery.Action,
        ["installation_id"] = delivery.InstallationId,
        ["repository_id"] = delivery.RepositoryId,
        ["throttled_at"] = null,
    };

    private static JsonObject Full(WebhookDelivery delivery)
    {
        var headers = new JsonObject();
        foreach (var (name, value) in delivery.RequestHeaders) headers[name] = value;
        var json = Short(delivery);
        json["url"] = delivery.Url.AbsoluteUri;
        json["request"] = new JsonObject { ["headers"] = headers, ["payload"] = delivery.Json };
        json["response"] = new JsonObject
        {
            ["headers"] = new JsonObject(), ["payload"] = delivery.ResponseBody.ToString(CultureInfo.InvariantCulture),
        };
        return json;
    }
}
