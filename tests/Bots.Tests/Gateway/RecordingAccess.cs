using System.Threading.Channels;
using Bots.Engine;
using Bots.Engine.Gateway;
using Bots.Engine.Sessions;

namespace Bots.Tests.Gateway;

/// <summary>Knows one session and keeps what is recorded for it.</summary>
internal sealed class RecordingAccess : IGatewayAccess
{
    private readonly Channel<RecordedUsage> _usage = Channel.CreateUnbounded<RecordedUsage>();

    public Task<GatewayCaller?> Authenticate(string sessionToken, CancellationToken cancellation) =>
        Task.FromResult(sessionToken == GatewayHost.Token ? GatewayHost.Caller : null);

    public async Task RecordUsage(SessionId session, string provider, string model, TokenUsage usage, CancellationToken cancellation) =>
        await _usage.Writer.WriteAsync(new RecordedUsage(provider, model, usage), cancellation);

    /// <summary>Waits for the next record.</summary>
    public async Task<RecordedUsage> Next() => await _usage.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public bool IsEmpty => _usage.Reader.Count == 0;
}

internal sealed record RecordedUsage(string Provider, string Model, TokenUsage Usage);
