using System.Net.WebSockets;
using Microsoft.Extensions.Logging;

namespace Bots.Sandbox.Sidecars;

/// <summary>Where all sidecars of this service come together: who they are, and the connection into each sandbox.</summary>
public sealed partial class SidecarHub(ISidecarRegistry registry, TimeProvider time, ILogger<SidecarHub> logger) : ISandboxConnections, IDisposable
{
    readonly Lock _gate = new();
    readonly Dictionary<SandboxId, Seat> _seats = [];

    /// <summary>How long a sandbox may stay away after its connection was cut, before it counts as lost.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Exchanges a registration token for a new link token, from which the session token follows (<see cref="SidecarTokens.SessionOf"/>).</summary>
    /// <returns>Null when the registration token is unknown, used or too old.</returns>
    public async Task<string?> Register(string registrationToken, CancellationToken cancellation)
    {
        var linkToken = SidecarTokens.New();
        var sandbox = await registry.Redeem(SidecarTokens.Hash(registrationToken), SidecarTokens.Hash(SidecarTokens.SessionOf(linkToken)), cancellation);
        if (sandbox is not { } id)
        {
            LogRefused();
            return null;
        }

        LogRegistered(id);
        return linkToken;
    }

    /// <returns>The sandbox whose sidecar has this link token; null when there is none, or it was stopped.</returns>
    public Task<SandboxId?> AuthenticateLink(string linkToken, CancellationToken cancellation) =>
        Authenticate(SidecarTokens.SessionOf(linkToken), cancellation);

    /// <returns>The sandbox a session token belongs to; null when there is none, or it was stopped.</returns>
    public Task<SandboxId?> Authenticate(string sessionToken, CancellationToken cancellation) =>
        registry.Find(SidecarTokens.Hash(sessionToken), cancellation);

    /// <summary>Serves one socket of a sandbox until it closes. A newer socket of the same sandbox takes over from an older one.</summary>
    public async Task Serve(SandboxId sandbox, WebSocket socket, CancellationToken cancellation)
    {
        var session = new SidecarSession(socket);
        if (await session.Greet(time, cancellation) is not { } hello)
        {
            LogNoHello(sandbox);
            return;
        }

        var connection = Admit(sandbox);
        LogConnected(sandbox, hello.Processes.Length);
        if (await connection.Serve(session, hello, cancellation) is { } complaint) LogMisbehaved(sandbox, complaint);
        LogCut(sandbox);
    }

    public async Task<ISandboxConnection> Connected(SandboxId sandbox, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await SeatOf(sandbox).Taken.Task.WaitAsync(timeout, time, cancellation);
        }
        catch (TimeoutException late)
        {
            throw new SandboxException(SandboxFailure.DidNotStart, $"The sandbox did not connect within {timeout.TotalSeconds:0} s.", late);
        }
    }

    /// <returns>The connection of a sandbox; null when it has not connected yet, or is lost.</returns>
    public ISandboxConnection? Find(SandboxId sandbox)
    {
        lock (_gate) return _seats.GetValueOrDefault(sandbox)?.Connection;
    }

    public void Forget(SandboxId sandbox, SandboxException? why = null)
    {
        Seat? seat;
        lock (_gate) _seats.Remove(sandbox, out seat);

        seat?.Connection?.Lose(why?.Message ?? "The sandbox was stopped.", why?.Failure ?? SandboxFailure.Lost);
        seat?.Taken.TrySetException(why ?? new SandboxException(SandboxFailure.DidNotStart, "The sandbox was stopped before it connected."));
    }

    /// <summary>Nobody is told anything any more: the sandboxes live on, for the next hub.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var seat in _seats.Values) seat.Connection?.Dispose();
            _seats.Clear();
        }
    }

    SidecarConnection Admit(SandboxId sandbox)
    {
        lock (_gate)
        {
            var seat = SeatOf(sandbox);
            if (seat.Connection is { Lost.IsCancellationRequested: true }) seat = _seats[sandbox] = new Seat();
            seat.Connection ??= new SidecarConnection(sandbox, Grace, time, () => Leave(sandbox, seat));
            seat.Taken.TrySetResult(seat.Connection);
            return seat.Connection;
        }
    }

    Seat SeatOf(SandboxId sandbox)
    {
        lock (_gate) return _seats.TryGetValue(sandbox, out var seat) ? seat : _seats[sandbox] = new Seat();
    }

    void Leave(SandboxId sandbox, Seat seat)
    {
        lock (_gate)
        {
            if (_seats.GetValueOrDefault(sandbox) == seat) _seats.Remove(sandbox);
        }

        seat.Connection?.Dispose();
        LogLost(sandbox);
    }

    sealed class Seat
    {
        public TaskCompletionSource<ISandboxConnection> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SidecarConnection? Connection { get; set; }
    }

    [LoggerMessage(LogLevel.Information, "Sandbox {Sandbox} registered")]
    private partial void LogRegistered(SandboxId sandbox);

    [LoggerMessage(LogLevel.Warning, "A registration token was refused")]
    private partial void LogRefused();

    [LoggerMessage(LogLevel.Information, "Sandbox {Sandbox} connected with {Processes} processes")]
    private partial void LogConnected(SandboxId sandbox, int processes);

    [LoggerMessage(LogLevel.Warning, "Sandbox {Sandbox} connected but did not introduce itself in a way we understand")]
    private partial void LogNoHello(SandboxId sandbox);

    [LoggerMessage(LogLevel.Warning, "The sidecar of sandbox {Sandbox} was cut off: {Complaint}")]
    private partial void LogMisbehaved(SandboxId sandbox, string complaint);

    [LoggerMessage(LogLevel.Debug, "The connection of sandbox {Sandbox} was cut")]
    private partial void LogCut(SandboxId sandbox);

    [LoggerMessage(LogLevel.Information, "Sandbox {Sandbox} is lost")]
    private partial void LogLost(SandboxId sandbox);
}
