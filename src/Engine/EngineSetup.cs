using Bots.Engine.Agents;
using Bots.Engine.Audit;
using Bots.Engine.Forges;
using Bots.Engine.Gateway;
using Bots.Engine.Intake;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Rates;
using Bots.Engine.Repositories;
using Bots.Engine.Retention;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Bots.Engine.Telemetry;
using Bots.Engine.Turns;
using Bots.Engine.Workspaces;
using Bots.Sandbox.Sidecars;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bots.Engine;

/// <summary>Registers the engine, in the order in which a request flows through it.</summary>
public static class EngineSetup
{
    /// <summary>The host adds the options, the sandbox provider, the surfaces, their readers and the forge.</summary>
    public static IServiceCollection AddEngine(this IServiceCollection services)
    {
        services.AddSingleton<IStore>(p => new SqliteStore(p.GetRequiredService<SandboxPaths>().Database));

        services.AddMeasuring().AddSingleton<IHostedService, EngineGauges>();
        services.AddSingleton<IRateHolds, RateHolds>().AddSingleton<RateGate>();

        services.AddSingleton<Inbox>().AddSingleton<IInbox>(p => p.GetRequiredService<Inbox>());
        services.AddSingleton<IntakeEffects>();

        services.AddSingleton<SessionLog>().AddSingleton<SessionStore>();
        services.AddSingleton<PromptStore>().AddSingleton<PermissionStore>().AddSingleton<Notices>();

        services.AddSingleton<IRepositorySettings, ForgeSettings>();
        services.AddSingleton<WorkspaceStore>().AddSingleton<TreeStore>().AddSingleton<Snapshots>().AddSingleton<Housekeeper>().AddSingleton<PreparationNotice>();
        services.AddSingleton<SandboxStore>().AddSingleton<ISidecarRegistry>(p => p.GetRequiredService<SandboxStore>());
        services.AddSingleton<SidecarHub>().AddSingleton<ISandboxConnections>(p => p.GetRequiredService<SidecarHub>()).AddSingleton<SandboxManager>();
        services.AddSingleton<AgentLauncher>().AddSingleton<AgentStarter>();
        services.AddSingleton<IGatewayAccess, GatewayAccess>().AddSingleton<ModelTrouble>();
        services.AddSingleton<UsageLedger>().AddSingleton<IModelBudgets, ModelBudgets>();
        services.AddSingleton<IEgressGate, EgressGate>().AddSingleton<IAuditTrail, AuditTrail>();
        services.AddSingleton<Perseverance>().AddSingleton<Publisher>().AddSingleton<TurnRules>().AddSingleton<TurnRunner>();

        services.AddSingleton<IHostedService, SurfaceLoops>();
        services.AddSingleton<Warmer>().AddSingleton<IWarmPool>(p => p.GetRequiredService<WarmPool>());
        services.AddLoop<Reaper>().AddLoop<LimitWatch>().AddLoop<TreePreparer>().AddLoop<WarmPool>().AddLoop<ExpiryLoop>().AddLoop<TurnScheduler>();
        services.AddSingleton<RetentionSweep>().AddSingleton<Eraser>().AddLoop<RetentionLoop>();
        return services;
    }

    private static IServiceCollection AddLoop<T>(this IServiceCollection services)
        where T : Background => services.AddSingleton<T>().AddSingleton<IHostedService>(p => p.GetRequiredService<T>());
}
