using System.ComponentModel;
using System.Text;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar.Processes;

/// <summary>A process with input that is taken once and numbered output that is kept until it is acknowledged.</summary>
internal sealed class ManagedProcess
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ShortQuiet = TimeSpan.FromMilliseconds(200);
    readonly InputQueue _input = new();
    readonly ToSidecar.Start _start;
    readonly TimeProvider _time;
    readonly ProcessStreams? _streams;

    public ManagedProcess(ToSidecar.Start start, OutputLog output, IReadOnlyDictionary<string, string> environment, Action terminalActive, TimeProvider time)
    {
        _start = start;
        _time = time;
        Output = output;
        try
        {
            _streams = ProcessStreams.Start(start, environment, terminalActive, time);
            Id = _streams.Process.Id;
            Ended = Run(_streams);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            Ended = Fail(failure.Message);
        }
    }

    /// <summary>0 when it never ran.</summary>
    public int Id { get; }

    public StreamKind Streams => _start.Streams;

    public OutputLog Output { get; }

    /// <summary>Completes once <see cref="OutputKind.Exited"/> is in the log.</summary>
    public Task Ended { get; }

    public long LastInput => _input.Last;

    /// <returns>What is wrong with the number; null when the input was taken, now or before.</returns>
    public string? Write(long number, byte[] bytes, bool end, out Task<bool> written) => _input.Add(number, bytes, end, out written);

    public void Resize(int columns, int rows) => _streams?.Resize(columns, rows);

    /// <summary>Returns once it and all it started are gone. What it wrote before may still wait to be read.</summary>
    public async Task End()
    {
        if (_streams is not null && !Ended.IsCompleted) await ProcessTree.End(Id, _streams.PoliteSignal, _time);
    }

    /// <summary>Ends it; nobody will read what it wrote.</summary>
    public async Task Discard()
    {
        Output.Close();
        await End();
        await Ended;
    }

    async Task Run(ProcessStreams streams)
    {
        using (streams)
        {
            var writing = _input.WriteTo(streams);
            var reading = streams.Pump(Output);
            using var exited = new CancellationTokenSource();
            var limit = Limit(exited.Token);

            await streams.Process.WaitForExitAsync();
            await exited.CancelAsync();
            _input.Close();
            streams.Exited();
            await Drain(reading);
            Output.AppendExit(await limit ? null : streams.Process.ExitCode);
            await writing;
        }
    }

    /// <returns>True when its time was up.</returns>
    async Task<bool> Limit(CancellationToken exited)
    {
        if (_start.TimeoutMilliseconds <= 0) return false;

        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_start.TimeoutMilliseconds), _time, exited);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        await End();
        return true;
    }

    /// <summary>Reads what is left. Something in the background may hold the pipe open for ever: then it ends when nothing more comes.</summary>
    async Task Drain(Task reading)
    {
        var quiet = Streams == StreamKind.Lines ? Quiet : ShortQuiet;
        while (!reading.IsCompleted)
        {
            var before = Output.Last;
            using var done = new CancellationTokenSource();
            await Task.WhenAny(reading, Task.Delay(quiet, _time, done.Token));
            await done.CancelAsync();
            if (before == Output.Last && !Output.Full) return;
        }

        await reading;
    }

    Task Fail(string message)
    {
        _input.Close();
        Output.AppendError(Encoding.UTF8.GetBytes(message), dropped: 0);
        Output.AppendExit(Spawn.NotFound);
        return Task.CompletedTask;
    }
}
