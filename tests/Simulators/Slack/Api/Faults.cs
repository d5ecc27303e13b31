namespace Bots.Simulators.Slack.Api;

/// <summary>Faults that are still to happen, per method, in the order they were asked for.</summary>
internal sealed class Faults
{
    private readonly Lock _lock = new();
    private readonly List<(string Method, SlackFault Fault, int Left)> _waiting = [];

    public void Add(string method, SlackFault fault, int times)
    {
        lock (_lock)
            _waiting.Add((method, fault, times));
    }

    public SlackFault? Next(string method)
    {
        lock (_lock)
        {
            var i = _waiting.FindIndex(w => w.Method == method || w.Method == "*");
            if (i < 0)
                return null;
            var (name, fault, left) = _waiting[i];
            if (left <= 1)
                _waiting.RemoveAt(i);
            else
                _waiting[i] = (name, fault, left - 1);
            return fault;
        }
    }
}
