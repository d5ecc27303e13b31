using System.Diagnostics;
using System.Net.Http;

namespace Bots.Tests.EndToEnd;

/// <summary>The service as a process of its own, so that it can be killed.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process) => _process = process;

    /// <summary>Starts <c>Bots.dll</c> with its environment only, and waits until it is ready.</summary>
    public static async Task<ServiceProcess> Start(Installation world)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Installation.Root, "src", "Bots", "bin", configuration, "net10.0", "Bots.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (key, value) in world.Configuration()) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = new Process { StartInfo = start };
        var output = TestContext.Current.TestOutputHelper;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(Installation.Patience, TimeProvider.System);
        using var client = new HttpClient();
        (await client.GetAsync(new Uri(world.Url, "readyz"))).IsSuccessStatusCode.ShouldBeTrue();
        return new ServiceProcess(process);

        void Take(string? line)
        {
            if (line is null) return;
            output?.WriteLine(line);
            if (line.Contains("Application started", StringComparison.Ordinal)) ready.TrySetResult();
        }
    }

    /// <summary>The assemblies it has loaded, by their file names.</summary>
    public IReadOnlySet<string> Loaded => File.ReadLines($"/proc/{_process.Id}/maps")
        .Select(line => Path.GetFileName(line)).Where(name => name.EndsWith(".dll", StringComparison.Ordinal)).ToHashSet();

    /// <summary>SIGTERM: it ends as it wants to.</summary>
    public async Task Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync().WaitAsync(Installation.Patience, TimeProvider.System);
    }

    /// <summary>SIGKILL: nothing of it runs any more.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }
}
