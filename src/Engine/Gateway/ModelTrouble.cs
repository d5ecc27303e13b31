using System.Collections.Concurrent;

namespace Bots.Engine.Gateway;

/// <summary>
/// Notices that a session's model calls fail again and again. Some agents repeat them for ever and say nothing; people should not
/// have to wait for that.
/// </summary>
public sealed class ModelTrouble
{
    /// <summary>Failures in a row after which a turn is given up: with an agent's growing pauses, about half a minute.</summary>
    public const int Limit = 5;

    private readonly ConcurrentDictionary<SessionId, int> _failures = new();

    /// <summary>Called with the cause, in words people read, when a session's calls failed <see cref="Limit"/> times in a row.</summary>
    public event Action<SessionId, string>? Hopeless;

    public void Succeeded(SessionId session) => _failures.TryRemove(session, out _);

    /// <summary>Starts counting anew: what failed in one turn says nothing of the next.</summary>
    public void Forget(SessionId session) => _failures.TryRemove(session, out _);

    public void Failed(SessionId session, string cause)
    {
        if (_failures.AddOrUpdate(session, 1, (_, failures) => failures + 1) >= Limit) GiveUp(session, cause);
    }

    /// <summary>Ends a session's running turn: its calls will not be answered.</summary>
    /// <param name="cause">In words people read.</param>
    public void GiveUp(SessionId session, string cause)
    {
        _failures.TryRemove(session, out _);
        Hopeless?.Invoke(session, cause);
    }
}
