using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bots.Simulators;

/// <summary>A bare Kestrel on 127.0.0.1 that leaves the process's signals to whoever owns the process.</summary>
internal static class SimulatorHost
{
    /// <param name="port">0 takes any free port.</param>
    /// <param name="configure">What a simulator wants beyond routing.</param>
    public static WebApplication Create(int port, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, Bystander>();
        builder.Logging.ClearProviders();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseRouting();
        return app;
    }

    /// <summary>The address it listens on, with a trailing slash.</summary>
    public static Uri Address(WebApplication app) => new(app.Urls.Single());

    /// <summary>Stops without waiting for requests that hang on purpose.</summary>
    /// <param name="patience">How long others may take to end.</param>
    public static async ValueTask Stop(WebApplication app, TimeSpan patience = default)
    {
        using var expiry = new CancellationTokenSource(patience, TimeProvider.System);
        await app.StopAsync(expiry.Token);
        await app.DisposeAsync();
    }

    private sealed class Bystander : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
