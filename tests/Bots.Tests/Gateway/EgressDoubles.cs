using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Bots.Engine.Audit;
using Bots.Engine.Gateway;
using Bots.Gateway;

namespace Bots.Tests.Gateway;

/// <summary>Answers what the test says, or lets connections wait until it does.</summary>
internal sealed class ScriptedGate : IEgressGate
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Func<EgressTarget, CancellationToken, Task<EgressAnswer>> Answer { get; set; } = (_, _) => Task.FromResult(new EgressAnswer(true, "the test allows it"));

    public ConcurrentQueue<EgressTarget> Targets { get; } = new();

    /// <summary>Completes with the first question.</summary>
    public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public Task<EgressAnswer> Admit(GatewayCaller caller, EgressTarget target, CancellationToken cancellation)
    {
        Targets.Enqueue(target);
        _asked.TrySetResult();
        return Answer(target, cancellation);
    }
}

/// <summary>Keeps the entries of the audit log.</summary>
internal sealed class RecordingTrail : IAuditTrail
{
    private readonly Channel<AuditEntry> _entries = Channel.CreateUnbounded<AuditEntry>();

    public Exception? Failure { get; set; }

    public Task Append(AuditEntry entry, CancellationToken cancellation) =>
        Failure is { } failure ? Task.FromException(failure) : _entries.Writer.WriteAsync(entry, cancellation).AsTask();

    /// <summary>Waits for the next entry.</summary>
    public async Task<AuditEntry> Next() => await _entries.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public bool IsEmpty => _entries.Reader.Count == 0;
}

/// <summary>The names a test knows.</summary>
internal sealed class FixedNames : IHostNames
{
    public Dictionary<string, string[]> Known { get; } = new() { ["allowed.example"] = ["127.0.0.1"] };

    public ConcurrentQueue<string> Resolved { get; } = new();

    public Task<IReadOnlyList<IPAddress>> Resolve(string host, CancellationToken cancellation)
    {
        Resolved.Enqueue(host);
        return Known.TryGetValue(host, out var addresses)
            ? Task.FromResult<IReadOnlyList<IPAddress>>([.. addresses.Select(IPAddress.Parse)])
            : throw new SocketException((int)SocketError.HostNotFound);
    }
}

/// <summary>A machine with one address.</summary>
internal sealed class FixedMachine(string address) : IMachineAddresses
{
    public bool Has(IPAddress other) => other.Equals(IPAddress.Parse(address));
}
