using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bots.Playground.Service;

/// <summary>The real service as a process of its own.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private const int Sigterm = 15;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly Uri _url;
    private readonly TimeProvider _clock;

    private ServiceProcess(Process process, Uri url, TimeProvider clock) => (_process, _url, _clock) = (process, url, clock);

    /// <summary>Completes when the process has ended.</summary>
    public Task Ended => _process.WaitForExitAsync();

    public static ServiceProcess Start(string assembly, Uri url, IReadOnlyDictionary<string, string> environment, ServiceLog log, TimeProvider clock)
    {
        var start = new ProcessStartInfo(Dotnet) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(assembly);
        start.Environment.Clear();
        foreach (var (key, value) in environment) start.Environment[key] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{Dotnet} could not be started.");
        foreach (var listen in new Action<DataReceivedEventHandler>[] { h => process.OutputDataReceived += h, h => process.ErrorDataReceived += h })
        {
            listen((_, line) =>
            {
                if (!string.IsNullOrEmpty(line.Data)) log.Write(line.Data);
            });
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServiceProcess(process, url, clock);
    }

    /// <summary>Waits until the service says that it does its job.</summary>
    /// <exception cref="InvalidOperationException">It ended, or is not ready in time.</exception>
    public async Task Ready(HttpClient client, CancellationToken cancellation)
    {
        var readyz = new Uri(_url, "readyz");
        var begin = _clock.GetTimestamp();
        while (!await Answers(client, readyz, cancellation))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The service ended with code {_process.ExitCode} before it was ready.");
            if (_clock.GetElapsedTime(begin) > StartTimeout) throw new InvalidOperationException($"The service was not ready after {StartTimeout.TotalSeconds:0} seconds.");
            await Task.Delay(Pause, _clock, cancellation);
        }
    }

    /// <summary>Asks it to stop, and ends it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited && Kill(_process.Id, Sigterm) == 0)
        {
            using var late = new CancellationTokenSource(Grace, _clock);
            try
            {
                await _process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static async Task<bool> Answers(HttpClient client, Uri readyz, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(readyz, cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }

    /// <summary>The one that runs this process, whatever PATH says.</summary>
    private static string Dotnet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
