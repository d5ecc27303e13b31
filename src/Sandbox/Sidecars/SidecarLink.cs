using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <summary>
/// What is open with one sidecar, and the socket it goes over at the moment, if any. Each new socket is first told everything
/// that is open; all of it may have been told before, and takes effect once.
/// </summary>
internal sealed class SidecarLink : IDisposable
{
    readonly Lock _gate = new();
    readonly PendingRequests _requests = new();
    readonly Dictionary<string, OutputReader> _readers = [];
    readonly Dictionary<string, long> _acknowledged = [];
    readonly CancellationTokenSource _lost = new();
    readonly TimeSpan _grace;
    readonly TimeProvider _time;
    readonly Action _onLost;
    SidecarSession? _session;
    ITimer? _graceTimer;
    string? _lostBecause;
    SandboxFailure _failure;
    long _lastReader;

    public SidecarLink(TimeSpan grace, TimeProvider time, Action onLost)
    {
        _grace = grace;
        _time = time;
        _onLost = onLost;
        Lost = _lost.Token;
    }

    public CancellationToken Lost { get; }

    public async Task Serve(SidecarSession session, CancellationToken cancellation)
    {
        if (!Attach(session)) return;

        try
        {
            await session.Run(Take, cancellation);
        }
        finally
        {
            Detach(session);
        }
    }

    public async Task<ToService> Request(string id, ToSidecar frame, CancellationToken cancellation)
    {
        Task<ToService> answer;
        lock (_gate)
        {
            ThrowIfLost();
            answer = _requests.Add(id, frame);
            _session?.Send(frame);
        }

        try
        {
            return await answer.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (_gate) _requests.Remove(id);
            throw;
        }
    }

    /// <summary>Nobody waits for the answer, but until it comes it is asked again on every new socket.</summary>
    public void Forget(string id)
    {
        lock (_gate)
        {
            if (_lostBecause is not null) return;

            var frame = new ToSidecar.Forget(id);
            _ = _requests.Add(id, frame);
            _session?.Send(frame);
        }
    }

    public OutputReader Open(string process, long after)
    {
        lock (_gate)
        {
            ThrowIfLost();
            if (_readers.TryGetValue(process, out var former)) former.End(new InvalidOperationException($"Somebody else reads '{process}' now."));
            var reader = _readers[process] = new OutputReader(process, ++_lastReader, after);
            _session?.Send(reader.Resume());
            return reader;
        }
    }

    public void Consumed(OutputReader reader, long number)
    {
        lock (_gate)
        {
            if (reader.Consumed(number) is { } extend) _session?.Send(extend);
        }
    }

    public void Close(OutputReader reader)
    {
        lock (_gate)
        {
            if (_readers.GetValueOrDefault(reader.Process) == reader) _readers.Remove(reader.Process);
        }
    }

    public void Acknowledge(string process, long number)
    {
        lock (_gate)
        {
            ThrowIfLost();
            _acknowledged[process] = Math.Max(number, _acknowledged.GetValueOrDefault(process));
            _session?.Send(new ToSidecar.Acknowledge(process, number));
        }
    }

    public void Lose(string reason, SandboxFailure failure = SandboxFailure.Lost)
    {
        lock (_gate)
        {
            if (_lostBecause is not null) return;

            (_lostBecause, _failure) = (reason, failure);
            _graceTimer?.Dispose();
            _session?.End();
            _requests.Fail(LostException);
            foreach (var reader in _readers.Values) reader.End(LostException());
        }

        _lost.Cancel();
        _onLost();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            // A timer that fires just now finds nothing to do.
            _lostBecause ??= "The service has stopped.";
            _graceTimer?.Dispose();
        }

        _lost.Dispose();
    }

    bool Attach(SidecarSession session)
    {
        lock (_gate)
        {
            if (_lostBecause is not null) return false;

            var former = _session;
            _session = session;
            _graceTimer?.Dispose();
            former?.End();
            foreach (var (process, number) in _acknowledged) session.Send(new ToSidecar.Acknowledge(process, number));
            foreach (var request in _requests.Frames) session.Send(request);
            foreach (var reader in _readers.Values) session.Send(reader.Resume());
            return true;
        }
    }

    void Detach(SidecarSession session)
    {
        lock (_gate)
        {
            if (_session != session || _lostBecause is not null) return;

            _session = null;
            _graceTimer = _time.CreateTimer(_ => Overdue(), null, _grace, Timeout.InfiniteTimeSpan);
        }
    }

    void Overdue()
    {
        lock (_gate)
        {
            // It may have come back while the timer was firing.
            if (_session is not null) return;
        }

        Lose($"The sandbox did not come back within {_grace.TotalSeconds:0} s.");
    }

    void Take(ToService frame)
    {
        lock (_gate)
        {
            switch (frame)
            {
                case ToService.Output output:
                    _readers.GetValueOrDefault(output.Process)?.Take(output);
                    break;
                case ToService.Done done:
                    _requests.Answer(done.Id, done);
                    break;
                case ToService.Executed executed:
                    // Of a command that was started before this service was: nobody will ask for it.
                    if (!_requests.Answer(executed.Id, executed)) _session?.Send(new ToSidecar.Forget(executed.Id));
                    break;
            }
        }
    }

    void ThrowIfLost()
    {
        if (_lostBecause is not null) throw LostException();
    }

    SandboxException LostException() => new(_failure, _lostBecause ?? "The sandbox is gone.");
}
