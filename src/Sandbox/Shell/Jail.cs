using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Bots.Sandbox.Linux;

namespace Bots.Sandbox.Shell;

/// <summary>A running jail: its first process, and what it reports.</summary>
internal sealed class Jail : IAsyncDisposable
{
    static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    static readonly TimeSpan KillTime = TimeSpan.FromSeconds(10);
    const int LongestReport = 100;
    const int MostErrors = 4096;

    /// <summary>A command that goes to lengths can write reports of its own; their number does no harm.</summary>
    readonly Channel<JailReport> _reports = Channel.CreateBounded<JailReport>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly Process _process;
    readonly TimeProvider _time;
    readonly Task _reading;
    HostProcess? _init;
    readonly Task<string> _errors;
    readonly Task _ended;

    Jail(JailFolder folder, Process process, TimeProvider time)
    {
        Folder = folder;
        _process = process;
        _time = time;
        _ended = process.WaitForExitAsync();
        _reading = ReadReports();
        _errors = ReadErrors(process.StandardError.BaseStream);
    }

    public JailFolder Folder { get; }

    /// <summary>The jail's first process: when it ends, all others in there do. bwrap itself ends as soon as the scripts do, whatever else still runs.</summary>
    public HostProcess Init => _init ?? throw new InvalidOperationException("The jail has not started.");

    /// <summary>The shell's number in the jail.</summary>
    public int Shell { get; private set; }

    /// <param name="folder">Goes with the jail.</param>
    /// <exception cref="SandboxException">It did not start; nothing is left behind.</exception>
    public static async Task<Jail> Start(JailedShellOptions options, JailFolder folder, TimeProvider time, CancellationToken cancellation)
    {
        var info = new ProcessStartInfo("/usr/bin/setsid")
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["--", options.Command, .. JailArguments.For(options, folder)]) info.ArgumentList.Add(argument);

        // bwrap's own environment can be read in the jail: of ours it gets what it is found by.
        info.Environment.Clear();
        info.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";

        Jail? jail = null;
        try
        {
            jail = new Jail(folder, System.Diagnostics.Process.Start(info)!, time);
            if (await jail.Renewed(StartTime, cancellation) && jail.FindInit()) return jail;

            await jail.Kill();
            throw new SandboxException(SandboxFailure.DidNotStart, $"The jail did not start: {await jail._errors}".TrimEnd(' ', ':'));
        }
        catch (Win32Exception failure)
        {
            folder.Dispose();
            throw new SandboxException(SandboxFailure.Unavailable, $"The jail did not start: {failure.Message}", failure);
        }
        catch
        {
            if (jail is not null) await jail.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command. A shell that has ended since the last one, by what that left in the background, is replaced first.</summary>
    public async Task<JailEnd> Run(long number, CancellationToken late)
    {
        var begun = false;
        await Tell($"{number}");
        try
        {
            while (true)
            {
                switch (await _reports.Reader.ReadAsync(late))
                {
                    case JailReport.Begun report when report.Number == number:
                        begun = true;
                        break;
                    case JailReport.Done done when done.Number == number:
                        return new JailEnd(done.Status, ShellState.Kept);
                    case JailReport.ShellEnded ended when begun:
                        return new JailEnd(ended.Status, ShellState.Renewed);
                    case JailReport.Ready ready when !begun:
                        // Its predecessor's end was waiting for a word from us, and took the number for it.
                        Shell = ready.Process;
                        await Tell($"{number}");
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return JailEnd.Late;
        }
        catch (ChannelClosedException)
        {
            return JailEnd.Lost;
        }
    }

    /// <summary>Begins the next shell, as soon as the last one has ended.</summary>
    /// <returns>False when there is none within the time given.</returns>
    public async Task<bool> Renew(TimeSpan timeout)
    {
        await Tell("next");
        return await Renewed(timeout, CancellationToken.None);
    }

    /// <summary>Ends everything in the jail, now.</summary>
    public async Task Kill()
    {
        if (_init is null) FindInit();
        if (_init is { } init) await init.Kill(KillTime);
        if (!_process.HasExited && HostProcess.Find(_process.Id) is { } outer) await outer.Kill(KillTime);
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        await _ended;
        await _reading;
        _process.Dispose();
        Folder.Dispose();
    }

    bool FindInit()
    {
        _init = JailProcesses.Below(_process.Id).FirstOrDefault().Process;
        if (_init is not null) _ = EndWithScripts();
        return _init is not null;
    }

    /// <summary>A command may have killed them: nothing would be reported any more.</summary>
    async Task EndWithScripts()
    {
        await _ended;
        Init.Kill();
    }

    async Task Tell(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It ended: the reports' end says so.
            return;
        }
    }

    async Task<bool> Renewed(TimeSpan timeout, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            while (true)
            {
                if (await _reports.Reader.ReadAsync(either.Token) is not JailReport.Ready ready) continue;

                Shell = ready.Process;
                return true;
            }
        }
        catch (ChannelClosedException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    async Task ReadReports()
    {
        // What is no report is passed over, however long it is.
        var buffer = new byte[4096];
        var line = new StringBuilder();
        while (await _process.StandardOutput.BaseStream.ReadAsync(buffer) is var read and > 0)
        {
            foreach (var next in buffer.AsSpan(0, read))
            {
                if (next != '\n' && line.Length < LongestReport) line.Append((char)next);
                if (next != '\n') continue;

                if (JailReport.Parse(line.ToString()) is { } report) _reports.Writer.TryWrite(report);
                line.Clear();
            }
        }

        _reports.Writer.TryComplete();
    }

    static async Task<string> ReadErrors(Stream stream)
    {
        var output = new BoundedOutput(MostErrors);
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer) is var read and > 0) output.Add(buffer.AsSpan(0, read));
        return output.ToString().Trim();
    }
}
