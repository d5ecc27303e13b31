using System.Diagnostics;
using Bots.Faults.Inside;

/// <summary>
/// Runs inside the service before its <c>Main</c>, where DOTNET_STARTUP_HOOKS names this assembly: the service is the one people install, and
/// holds nothing of this. The runtime wants exactly this name, outside any namespace.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Orders.SocketVariable) is not { } socket) return;
        var first = Environment.GetEnvironmentVariable(Orders.FirstVariable);
        // What the service starts in its turn is left alone.
        foreach (var name in (string[])[Orders.SocketVariable, Orders.FirstVariable, "DOTNET_STARTUP_HOOKS"]) Environment.SetEnvironmentVariable(name, null);

        var (points, clock, cutter) = (new Failpoints(), new ShiftedClock(), new SidecarCutter());
        var orders = new Orders(points, clock, cutter);
        foreach (var order in first?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? []) orders.Obey(order);
        orders.Listen(socket);
        DiagnosticListener.AllListeners.Subscribe(new HostWatch(new Decoration(points, clock, cutter)));
    }
}
