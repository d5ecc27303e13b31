namespace Bots.Gateway;

/// <summary>
/// How long a model's answer is awaited and read whose caller has left. What it used is told at its end only, and paid for all the same:
/// who leaves early must not work for nothing.
/// </summary>
internal sealed class ModelPatience : IAsyncDisposable
{
    private const long MostBytes = 64 * 1024 * 1024;

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action _left;
    private readonly CancellationTokenRegistration _leaving;
    private readonly CancellationTokenRegistration _stopping;
    private ITimer? _timer;
    private long _unread;

    /// <param name="left">Called once, when the caller left and the answer is read on.</param>
    /// <param name="caller">Cancelled when the caller leaves.</param>
    /// <param name="stopping">Cancelled when the service stops: it waits for no answer.</param>
    public ModelPatience(TimeProvider time, Action left, CancellationToken caller, CancellationToken stopping)
    {
        (_time, _left) = (time, left);
        _leaving = caller.Register(Leave);
        _stopping = stopping.Register(End);
    }

    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Cancelled when there is no more to wait for, never while the caller is there.</summary>
    public CancellationToken Token => _end.Token;

    public bool CallerLeft
    {
        get { lock (_lock) return _timer is not null; }
    }

    /// <summary>Notes that the caller has left, however that was noticed.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (_timer is not null) return;
            _timer = _time.CreateTimer(_ => End(), null, Longest, Timeout.InfiniteTimeSpan);
        }

        _left();
    }

    /// <summary>Writes a part of the answer for the caller; into nothing once it has left.</summary>
    public async ValueTask Deliver(HttpResponse to, ReadOnlyMemory<byte> part)
    {
        if (!CallerLeft)
        {
            try
            {
                await to.Body.WriteAsync(part, to.HttpContext.RequestAborted);
                return;
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                Leave();
            }
        }

        _unread += part.Length;
        if (_unread > MostBytes) End();
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.DisposeAsync();
        await _stopping.DisposeAsync();
        if (_timer is { } timer) await timer.DisposeAsync();
        _end.Dispose();
    }

    private void End() => _end.Cancel();
}
