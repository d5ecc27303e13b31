namespace Bots.Playground.Page;

/// <summary>Serves the page on 127.0.0.1, and everything it talks to under the same origin.</summary>
internal static class PageServer
{
    private const string Policy = "default-src 'self'; img-src 'self' http: https: data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <param name="slack">Base of the Slack simulator.</param>
    /// <param name="github">Base of the GitHub simulator.</param>
    /// <param name="service">Base of the service.</param>
    public static async Task<WebApplication> Start(int port, PageSetup setup, Uri slack, Uri github, Uri service, HttpClient client)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" });
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, Bystander>();
        var app = builder.Build();

        app.Use(OnlyThisPage);
        app.UseDefaultFiles().UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "no-cache" });
        app.UseRouting();
        app.MapGet("/playground.json", () => TypedResults.Json(setup, System.Text.Json.JsonSerializerOptions.Web));
        var proxy = new Proxy(client);
        proxy.Map(app, "/slack/_sim", new Uri(slack, "_sim/"));
        proxy.Map(app, "/github/_sim", new Uri(github, "_sim/"));
        proxy.Map(app, "/service/api", new Uri(service, "api/"));
        await app.StartAsync();
        return app;
    }

    public static Uri Address(WebApplication app) => new(app.Urls.Single());

    /// <summary>Websites that somebody has open elsewhere must neither drive the playground nor read what it shows.</summary>
    private static Task OnlyThisPage(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var origin = request.Headers.Origin.ToString();
        if (request.Host.Host is not ("127.0.0.1" or "localhost") || (origin.Length > 0 && origin != $"http://{request.Host}"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync("Open the playground by the address it printed.");
        }

        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }

    /// <summary>Leaves the process's signals to the playground.</summary>
    private sealed class Bystander : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
