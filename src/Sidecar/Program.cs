using System.Runtime.InteropServices;
using Bots.Sandbox.Wire;
using Bots.Sidecar;
using Bots.Sidecar.Control;
using Bots.Sidecar.Processes;

Native.HideFromSandbox();
Threads.StartAll();
var settings = SidecarSettings.FromEnvironment();
if (settings is null)
{
    await Console.Error.WriteLineAsync($"{Protocol.RegistrationTokenVariable} is not set.");
    return 2;
}

using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});

var time = TimeProvider.System;
await using var processes = new ProcessTable(settings, time);
var link = new ControlLink(settings, processes, time);
using var gateway = new GatewayForward(settings.Socket, settings.GatewayPort, time);
// On another thread: getting either of the two going takes a while, and the machine has more than one core.
var forwarding = Task.Run(() => gateway.Run(stop.Token));
Native.WriteToStandardOutput("ready\n"u8);

try
{
    var first = await Task.WhenAny(link.Run(stop.Token), forwarding);
    await first;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (RegistrationRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 3;
}
catch (ServiceUnreadableException unreadable)
{
    await Console.Error.WriteLineAsync(unreadable.Message);
    return 4;
}

return 0;
