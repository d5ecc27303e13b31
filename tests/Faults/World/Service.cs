using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Bots.Faults.Inside;

namespace Bots.Faults.World;

/// <summary>
/// The service as it is installed, <c>dotnet Bots.dll</c>: started, killed and started again. Its log is appended to one file. A startup hook
/// lets it be told to end itself at a point of its flow.
/// </summary>
public sealed class Service(IReadOnlyDictionary<string, string> settings, Uri url, string log) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    private readonly string _socket = log + ".orders";

    private Process? _process;

    /// <summary>SIGKILLs, its own at a failpoint among them.</summary>
    public int Kills { get; private set; }

    /// <summary>By how much its clock is wrong; from the next start on, too.</summary>
    public TimeSpan Shift { get; private set; }

    /// <summary>How long the last start took.</summary>
    public TimeSpan LastStart { get; private set; }

    /// <summary>The slowest start to ready so far.</summary>
    public TimeSpan SlowestStart { get; private set; }

    /// <summary>The slowest graceful stop so far.</summary>
    public TimeSpan SlowestStop { get; private set; }

    /// <summary>Returns when it says that it is ready.</summary>
    public async Task Start()
    {
        if (!await Starts(null)) throw Ended();
    }

    /// <summary>Starts it with the order to kill itself at a point; if it does so before it is ready, it is started once more without.</summary>
    /// <returns>True when it killed itself before it was ready.</returns>
    public async Task<bool> Start(string point, int passes)
    {
        if (await Starts(Orders.Kill(point, passes)) && await Tell(Orders.Spare)) return false;
        await Gone();
        await Start();
        return true;
    }

    /// <summary>Starts it and kills it as soon as something is seen, or will not be any more; then starts it once more.</summary>
    /// <returns>True when it was seen.</returns>
    public async Task<bool> StartUntil(Task<bool> seen)
    {
        var starting = Starts(null);
        var wasSeen = await seen;
        var process = _process!;
        if (process.HasExited) throw Ended();
        // Who waits for it to be ready looks at it until it knows.
        process.Kill();
        await starting;
        await Kill();
        await Start();
        return wasSeen;
    }

    /// <summary>Orders it to kill itself at a point; after this time it is killed wherever it is.</summary>
    /// <returns>True when it came to that point.</returns>
    public async Task<bool> KillAt(string point, int passes, TimeSpan patience)
    {
        var process = _process!;
        using var late = new CancellationTokenSource(patience, TimeProvider.System);
        if (!await Tell(Orders.Kill(point, passes))) return await Gone();
        await process.WaitForExitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (process.HasExited) return await Gone();
        await Kill();
        return false;
    }

    public Task SetClock(TimeSpan shift)
    {
        Shift = shift;
        return Tell(Orders.Clock(shift));
    }

    public Task CutSidecars() => Tell(Orders.Cut);

    /// <summary>SIGKILL.</summary>
    public async Task Kill()
    {
        if (_process is not { } process) return;
        _process = null;
        Kills++;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>SIGTERM, and waits for its end.</summary>
    public async Task Stop()
    {
        if (_process is not { } process) return;
        _process = null;
        var begun = TimeProvider.System.GetTimestamp();
        using (var asked = Process.Start("/bin/kill", ["-TERM", $"{process.Id}"])) await asked.WaitForExitAsync();
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        await process.WaitForExitAsync(late.Token);
        SlowestStop = Max(SlowestStop, TimeProvider.System.GetElapsedTime(begun));
        process.Dispose();
    }

    public async ValueTask DisposeAsync() => await Kill();

    private InvalidOperationException Ended() => new($"The service ended; its log is {log}.");

    /// <summary>It has ended by a SIGKILL of its own.</summary>
    private async Task<bool> Gone()
    {
        await Kill();
        return true;
    }

    /// <returns>False when it ended before it was ready.</returns>
    private async Task<bool> Starts(string? first)
    {
        var begun = TimeProvider.System.GetTimestamp();
        // The shell gives it a file to write to and is then gone: it becomes the service.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$1\" >>\"$2\" 2>&1", Dotnet, Path.Combine(AppContext.BaseDirectory, "Bots.dll"), log]) { WorkingDirectory = Path.GetDirectoryName(log) };
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        // A killed process could not remove the sockets it would be debugged by.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(Orders).Assembly.Location;
        start.Environment[Orders.SocketVariable] = _socket;
        start.Environment[Orders.FirstVariable] = $"{Orders.Clock(Shift)};{first}";
        _process = Process.Start(start)!;
        if (!await Ready()) return false;
        LastStart = TimeProvider.System.GetElapsedTime(begun);
        SlowestStart = Max(SlowestStart, LastStart);
        return true;
    }

    /// <returns>False when it ended meanwhile.</returns>
    private async Task<bool> Tell(string order)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket));
            await socket.SendAsync(Encoding.UTF8.GetBytes(order));
            return await socket.ReceiveAsync(new byte[1]) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<bool> Ready()
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url };
        while (!await Answers(http, late.Token))
        {
            if (_process!.HasExited) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, late.Token);
        }

        return true;
    }

    private static async Task<bool> Answers(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("readyz", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // The latter where it ended in the moment of the connection.
            return false;
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
