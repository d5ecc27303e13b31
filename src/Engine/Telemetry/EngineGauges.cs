using System.Data;
using System.Diagnostics.Metrics;
using Bots.Engine.Intake;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Bots.Engine.Surfaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bots.Engine.Telemetry;

/// <summary>What stands in the store or in the loops, looked up whenever somebody collects it and at no other time.</summary>
internal sealed class EngineGauges(IMeterFactory meters, IServiceProvider services, IStore store) : IHostedService
{
    private List<Background>? _loops;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(Spans.Name);
        meter.CreateObservableGauge("bots_inbox_backlog", () => Loops<IntakeLoop>().Select(loop => Of(loop.Backlog ?? 0, ("surface", loop.Surface))), "{delivery}", "Deliveries that wait to be taken in.");
        meter.CreateObservableGauge("bots_inbox_parked", () => Read(InboxEntry.Parked), "{delivery}", "Deliveries that were given up.");
        meter.CreateObservableGauge("bots_prompts", () => Read(PromptStore.Open).Select(open => Of(open.Count, ("state", EngineMetrics.Lower(open.State)))), "{prompt}", "Prompts that wait or run.");
        meter.CreateObservableGauge("bots_permissions_open", () => Read(PermissionStore.Pending), "{request}", "Permission requests that wait for people.");
        meter.CreateObservableGauge("bots_sandboxes", () => Read(SandboxStore.States).Select(some => Of(some.Count, ("state", some.State))), "{sandbox}", "Sandboxes that run.");
        meter.CreateObservableGauge("bots_reconciler_lag", () => Loops<Reconciler>().Select(loop => Of(loop.Lag.TotalSeconds, ("surface", loop.Surface))), "s", "How long the conversation that waits longest has not shown everything.");
        meter.CreateObservableGauge("bots_reconciler_backlog", () => Loops<Reconciler>().Select(loop => Of(loop.Behind, ("surface", loop.Surface))), "{conversation}", "Conversations that do not show everything yet.");
        meter.CreateObservableCounter("bots_loop_failures", () => Loops<Background>().Select(loop => Of(loop.AllFailures, ("loop", loop.Name))), "{failure}", "Rounds of loops that failed.");
        meter.CreateObservableGauge("bots_loops_down", () => Loops<Background>().Count(loop => loop.IsDown || loop.Hangs), "{loop}", "Loops that ended although they must not, or hang.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Found when first asked for: the loops are services of the host, as this is.</summary>
    private IEnumerable<T> Loops<T>() => (_loops ??= [.. IHasLoops.Among(services.GetServices<IHostedService>())]).OfType<T>();

    private T Read<T>(Func<IDbConnection, T> work) => store.Read(work);

    private static Measurement<T> Of<T>(T value, (string Key, string Value) tag)
        where T : struct => new(value, new KeyValuePair<string, object?>(tag.Key, tag.Value));
}
