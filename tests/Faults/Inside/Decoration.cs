using Bots.Engine.Forges;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bots.Faults.Inside;

/// <summary>Puts failpoints around the store and around all that has an effect outside, and the clock in place of the machine's.</summary>
internal sealed class Decoration(Failpoints points, ShiftedClock clock, SidecarCutter cutter)
{
    public void Apply(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        services.AddSingleton<IStartupFilter>(cutter);
        Around<IStore>(services, store => new PointedStore(store, points));
        Around<ISurface>(services, surface => Pointed<ISurface>.Around(surface, surface.Name, points));
        Around<IForge>(services, forge => Pointed<IForge>.Around(forge, "forge", points));
        Around<ISandboxProvider>(services, provider => Pointed<ISandboxProvider>.Around(provider, "sandbox", points));
        Around<ISandboxConnections>(services, hub => Pointed<ISandboxConnections>.Around(hub, "sidecar", points));
    }

    private static void Around<T>(IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        foreach (var (index, made) in services.Index().Where(s => s.Item.ServiceType == typeof(T)).ToList())
        {
            services[index] = ServiceDescriptor.Singleton(provider => decorate((T)(made.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, made.ImplementationType!))));
        }
    }
}
