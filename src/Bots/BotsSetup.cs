using Bots.Agents;
using Bots.Api;
using Bots.Configuration;
using Bots.Engine;
using Bots.Gateway;
using Bots.GitHub;
using Bots.Health;
using Bots.Http;
using Bots.Missed;
using Bots.Sandboxes;
using Bots.Schedules;
using Bots.Slack;
using Bots.Storage;
using Bots.Telemetry;
using Bots.Sandbox.Sidecars;

namespace Bots;

/// <summary>The table of contents, in the order in which a request flows.</summary>
public static class BotsSetup
{
    public static WebApplicationBuilder AddBots(this WebApplicationBuilder builder)
    {
        builder.AddDataDirectory();
        builder.AddTelemetry();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));

        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddConfiguration(builder.Configuration)
            .AddConnectFailures()
            .AddSlack(builder.Configuration)
            .AddGitHub(builder.Configuration)
            .AddSchedules(builder.Configuration)
            .AddEngine()
            .AddMissed(builder.Configuration)
            .AddAgents(builder.Configuration)
            .AddSandboxes(builder.Configuration)
            .AddGateway(builder.Configuration)
            .AddApi(builder.Configuration)
            .AddHealth();
        return builder;
    }

    public static WebApplication UseBots(this WebApplication app)
    {
        app.UseRouting();
        app.UseTelemetry();
        app.UseControlSocket();

        app.MapSlack();
        app.MapGitHub();
        app.MapApi();
        app.MapHealth();

        app.MapSidecars().ControlSocketOnly();
        app.MapGateway();
        return app;
    }
}
