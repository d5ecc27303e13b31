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
    readonly HashSet<string> _own = [];
    readonly CancellationTokenSource _lost = new();
    readonly TimeSpan _grace;
    readonly TimeProvider _time;
    readonly Action _onLost;
    SidecarSession? _session;
    ITimer? _graceTimer;
    string? _lostBecause;
    SandboxFailure _failure;
    bool _cameBefore;
    long _lastReader;

    public SidecarLink(TimeSpan grace, TimeProvider time, Action onLost)
    {
        _grace = grace;
        _time = time;
        _onLost = onLost;
        Lost = _lost.Token;
    }

    public CancellationToken Lost { get; }

    /// <returns>What the sidecar did wrong; null when nothing.</returns>
    public async Task<string?> Serve(SidecarSession session, ToService.Hello hello, CancellationToken cancellation)
    {
        if (!Attach(session, hello)) return null;

        try
        {
            return await session.Run((frame, size) => Take(session, frame, size), cancellation);
        }
        finally
        {
            Detach(session);
        }
    }

    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>Asks for something to be done.</summary>
    /// <exception cref="InvalidOperationException">It makes no sense to the sidecar.</exception>
    public async Task Ask(Func<string, ToSidecar> frame, CancellationToken cancellation)
    {
        if (await Answer(frame, cancellation) is ToService.Done { Error: { } error }) throw new InvalidOperationException(error);
    }

    public Task<ToService> Answer(Func<string, ToSidecar> frame, CancellationToken cancellation)
    {
        var id = NewId();
        return Request(id, frame(id), cancellation);
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

    public void Forget(string id) => Tell(id, new ToSidecar.Forget(id));

    /// <summary>A process of ours begins: no later socket takes it for one that was left behind.</summary>
    public void Own(string process)
    {
        lock (_gate) _own.Add(process);
    }

    /// <summary>A process of ours is of no use any more.</summary>
    public void Disown(string process)
    {
        lock (_gate)
        {
            if (_own.Remove(process)) Discard(process);
            if (_readers.GetValueOrDefault(process) is { } reader) reader.End(null);
            _acknowledged.Remove(process);
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

    public void Consumed(OutputReader reader, int cost)
    {
        lock (_gate) Send(reader, reader.Consumed(cost));
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

    bool Attach(SidecarSession session, ToService.Hello hello)
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

            if (!_cameBefore) DiscardLeft(hello);
            _cameBefore = true;
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

    void Take(SidecarSession session, ToService frame, int size)
    {
        lock (_gate)
        {
            // What comes late on a former socket comes again on this one.
            if (_session != session) return;

            switch (frame)
            {
                case ToService.Output output:
                    if (_readers.GetValueOrDefault(output.Process) is { } reader) Send(reader, reader.Take(output, size));
                    break;
                case ToService.Observed observed:
                    _requests.Answer(observed.Id, observed);
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

    /// <summary>Of a reader that was closed meanwhile, nothing more is wanted.</summary>
    void Send(OutputReader reader, ToSidecar.Extend? extend)
    {
        if (extend is not null && _readers.GetValueOrDefault(reader.Process) == reader) _session?.Send(extend);
    }

    /// <summary>Terminals and the like of a service that is no more: nobody will come back to them.</summary>
    void DiscardLeft(ToService.Hello hello)
    {
        foreach (var (process, _, _, _, _) in hello.Processes)
        {
            if (process.StartsWith(Protocol.OwnedPrefix, StringComparison.Ordinal) && !_own.Contains(process)) Discard(process);
        }
    }

    void Discard(string process)
    {
        var id = $"discard {process}";
        Tell(id, new ToSidecar.Discard(id, process));
    }

    /// <summary>Nobody waits for the answer, but until it comes it is asked again on every new socket.</summary>
    void Tell(string id, ToSidecar frame)
    {
        lock (_gate)
        {
            if (_lostBecause is not null) return;

            _ = _requests.Add(id, frame);
            _session?.Send(frame);
        }
    }

    void ThrowIfLost()
    {
        if (_lostBecause is not null) throw LostException();
    }

    SandboxException LostException() => new(_failure, _lostBecause ?? "The sandbox is gone.");
}
