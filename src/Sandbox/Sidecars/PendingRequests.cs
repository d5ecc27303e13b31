using Bots.Sandbox.Wire;

namespace Bots.Sandbox.Sidecars;

/// <summary>Requests the sidecar has not answered yet, in the order they were made: on a new socket they are made again in that order.</summary>
internal sealed class PendingRequests
{
    readonly OrderedDictionary<string, (ToSidecar Frame, TaskCompletionSource<ToService> Answer)> _pending = [];

    public IEnumerable<ToSidecar> Frames => _pending.Values.Select(p => p.Frame);

    public Task<ToService> Add(string id, ToSidecar frame)
    {
        var answer = new TaskCompletionSource<ToService>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = (frame, answer);
        return answer.Task;
    }

    public bool Remove(string id) => _pending.Remove(id);

    /// <returns>False when nobody asked.</returns>
    public bool Answer(string id, ToService answer) => _pending.Remove(id, out var request) && request.Answer.TrySetResult(answer);

    public void Fail(Func<Exception> reason)
    {
        foreach (var (_, answer) in _pending.Values) answer.TrySetException(reason());
        _pending.Clear();
    }
}
