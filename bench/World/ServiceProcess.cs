using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Bots.Bench.World;

/// <summary>The service as it is installed: <c>dotnet Bots.dll</c>, its log in a file.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _log;

    private ServiceProcess(Process process, Uri url, string log, string socket)
    {
        Socket = socket;
        _process = process;
        Url = url;
        _log = log;
    }

    public Uri Url { get; }

    public int Id => _process.Id;

    /// <summary>Where <see cref="StartupHook"/> answers.</summary>
    public string Socket { get; }

    public TimeSpan Processor()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Returns when it says that it is ready.</summary>
    /// <param name="settings">By configuration key; given to it as environment.</param>
    public static async Task<ServiceProcess> Start(IReadOnlyDictionary<string, string> settings, string log)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort()}/");
        // The shell gives it a file to write to and is then gone: nobody here has to read along while measuring.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$1\" >>\"$2\" 2>&1", Programs.Dotnet, Programs.Service, log])
        {
            WorkingDirectory = Path.GetDirectoryName(log),
        };
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["Urls"] = url.ToString().TrimEnd('/');
        var socket = log + ".socket";
        File.Delete(socket);
        start.Environment["DOTNET_STARTUP_HOOKS"] = Programs.Bench;
        start.Environment[StartupHook.Variable] = socket;
        var service = new ServiceProcess(Process.Start(start)!, url, log, socket);
        try
        {
            await service.Ready();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public double ResidentMiB() => Machine.ResidentMiB(Id);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task Ready()
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Url };
        while (!await Answers(http, late.Token))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The service ended with {_process.ExitCode}: {await File.ReadAllTextAsync(_log, late.Token)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, late.Token);
        }
    }

    private static async Task<bool> Answers(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("readyz", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
