using Bots.Sandbox;

namespace Bots.Gateway;

/// <summary>Something of which there is so much for all sandboxes, and so much for each. Who finds none left waits a while.</summary>
/// <param name="patience">How long anybody waits.</param>
internal sealed class SharedRoom(long all, long each, TimeSpan patience, TimeProvider time)
{
    /// <summary>Of one sandbox.</summary>
    private const int MostWaiting = 64;

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly Dictionary<SandboxId, long> _shares = [];
    private long _taken;

    /// <summary>Takes an amount, now or when others have given back enough.</summary>
    /// <returns>Null when there was not enough in time, or too many calls of this sandbox wait already.</returns>
    public async Task<Share?> Take(SandboxId sandbox, long amount, CancellationToken cancellation)
    {
        var waiter = new Waiter(new Share(this, sandbox, amount));
        lock (_lock)
        {
            if (TryTake(sandbox, amount)) return waiter.Share;
            if (amount > Math.Min(all, each) || _waiting.Count(other => other.Share.Sandbox == sandbox) >= MostWaiting) return null;
            _waiting.AddLast(waiter);
        }

        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        await ((Task)waiter.Turn.Task.WaitAsync(either.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool gone;
        lock (_lock) gone = _waiting.Remove(waiter);
        if (gone)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }

        return waiter.Share;
    }

    private bool TryTake(SandboxId sandbox, long amount)
    {
        var share = _shares.GetValueOrDefault(sandbox);
        if (amount > all - _taken || amount > each - share) return false;
        _taken += amount;
        _shares[sandbox] = share + amount;
        return true;
    }

    private void GiveBack(SandboxId sandbox, long amount)
    {
        lock (_lock)
        {
            _taken -= amount;
            var rest = _shares.GetValueOrDefault(sandbox) - amount;
            if (rest > 0) _shares[sandbox] = rest;
            else _shares.Remove(sandbox);
            for (var next = _waiting.First; next is not null;)
            {
                var (node, share) = (next, next.Value.Share);
                next = next.Next;
                if (!TryTake(share.Sandbox, share.Amount)) continue;
                _waiting.Remove(node);
                node.Value.Turn.SetResult();
            }
        }
    }

    private sealed record Waiter(Share Share)
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What somebody has; given back when disposed.</summary>
    internal sealed class Share(SharedRoom room, SandboxId sandbox, long amount) : IDisposable
    {
        private long _amount = amount;
        private bool _returned;

        public SandboxId Sandbox => sandbox;

        public long Amount => _amount;

        /// <summary>Takes more, without waiting.</summary>
        public bool TryGrow(long more)
        {
            lock (room._lock)
            {
                if (_returned || !room.TryTake(sandbox, more)) return false;
                _amount += more;
                return true;
            }
        }

        /// <summary>Keeps only so much.</summary>
        public void Shrink(long rest)
        {
            var back = _amount - rest;
            if (back <= 0 || _returned) return;
            _amount = rest;
            room.GiveBack(sandbox, back);
        }

        public void Dispose()
        {
            if (_returned) return;
            _returned = true;
            room.GiveBack(sandbox, _amount);
        }
    }
}
