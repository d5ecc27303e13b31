using Bots.Configuration;
using Bots.Engine.Sandboxes;
using Bots.Sandbox;
using Bots.Sandbox.Bubblewrap;
using Bots.Sandbox.Docker;

namespace Bots.Sandboxes;

/// <summary>Section <c>Sandbox</c>: the provider agents run in.</summary>
public static class SandboxesSetup
{
    public static IServiceCollection AddSandboxes(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Sandbox");
        services.AddSingleton(provider => new SandboxOptions
        {
            Provider = section["Provider"] ?? "bubblewrap",
            Images = [provider.GetRequiredService<DockerOptions>().Image, .. section.GetSection("Docker:Images").Get<string[]>() ?? []],
            IdleTimeout = section.GetValue("IdleTimeout", TimeSpan.FromMinutes(15)),
            PrepareEvery = section.GetValue("PrepareEvery", TimeSpan.FromMinutes(30)),
            SnapshotsKept = section.GetValue("SnapshotsKept", TimeSpan.FromDays(30)),
            Pool = section.GetSection("Pool").Get<PoolOptions>() ?? new PoolOptions(),
            TurnLimit = provider.GetRequiredService<SandboxLimits>().Duration,
        });
        services.AddSingleton(provider => Resources(provider.GetRequiredService<SandboxLimits>()));
        services.AddSingleton(provider => Bubblewrap(provider.GetRequiredService<SandboxPaths>()));
        services.AddSingleton(provider => Docker(section, provider.GetRequiredService<SandboxPaths>()));
        services.AddSingleton<BubblewrapProvider>();
        services.AddSingleton<DockerProvider>();
        services.AddSingleton<ISandboxProvider>(provider => provider.GetRequiredService<SandboxOptions>().Provider switch
        {
            "docker" => provider.GetRequiredService<DockerProvider>(),
            // The check tells of any other name.
            _ => provider.GetRequiredService<BubblewrapProvider>(),
        });
        services.AddSingleton<IConfigurationCheck, SandboxCheck>();
        return services;
    }

    private static ResourceLimits Resources(SandboxLimits limits) => new()
    {
        Cpus = limits.Cpus,
        Memory = limits.Memory.Bytes,
        Processes = limits.Processes,
        Disk = limits.Disk.Bytes,
    };

    private static DockerOptions Docker(IConfigurationSection section, SandboxPaths paths)
    {
        // Known before the folder exists, and another one's for a copy of it.
        var options = new DockerOptions { Instance = paths.DataDirectory, ControlDirectory = paths.ControlDirectory };
        return options with { Socket = Set(section, "Docker:Socket") ?? options.Socket, Image = Set(section, "Image") ?? options.Image };
    }

    private static string? Set(IConfigurationSection section, string key) => section[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static BubblewrapOptions Bubblewrap(SandboxPaths paths) => new()
    {
        StateDirectory = Path.Combine(paths.DataDirectory, "sandboxes"),
        ControlDirectory = paths.ControlDirectory,
    };
}
