using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bots.Faults.World;

/// <summary>The service as it is installed, <c>dotnet Bots.dll</c>: started, killed and started again. Its log is appended to one file.</summary>
public sealed class Service(IReadOnlyDictionary<string, string> settings, Uri url, string log) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    private Process? _process;

    public int Kills { get; private set; }

    /// <summary>The slowest start to ready so far.</summary>
    public TimeSpan SlowestStart { get; private set; }

    /// <summary>The slowest graceful stop so far.</summary>
    public TimeSpan SlowestStop { get; private set; }

    /// <summary>Returns when it says that it is ready.</summary>
    public async Task Start()
    {
        var begun = TimeProvider.System.GetTimestamp();
        // The shell gives it a file to write to and is then gone: it becomes the service.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$1\" >>\"$2\" 2>&1", Dotnet, Path.Combine(AppContext.BaseDirectory, "Bots.dll"), log]) { WorkingDirectory = Path.GetDirectoryName(log) };
        foreach (var (key, value) in settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        _process = Process.Start(start)!;
        await Ready();
        SlowestStart = Max(SlowestStart, TimeProvider.System.GetElapsedTime(begun));
    }

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

    private async Task Ready()
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url };
        while (!await Answers(http, late.Token))
        {
            if (_process!.HasExited) throw new InvalidOperationException($"The service ended with {_process.ExitCode}; its log is {log}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, late.Token);
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

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
