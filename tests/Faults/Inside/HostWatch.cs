using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Bots.Faults.Inside;

/// <summary>Waits for the service to be put together, as the framework's own test host does, and puts itself around some of its parts.</summary>
internal sealed class HostWatch(Decoration decoration) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.Extensions.Hosting") value.Subscribe(this);
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "HostBuilding", Value: IHostBuilder host }) host.ConfigureServices(decoration.Apply);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
