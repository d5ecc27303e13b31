using System.Threading.Channels;
using Bots.Engine.Intake;

namespace Bots.Tests.Schedules;

/// <summary>The real inbox, and a way to wait for what reaches it.</summary>
internal sealed class WatchedInbox(IInbox inbox) : IInbox
{
    private readonly Channel<(Delivery Delivery, bool IsNew)> _appended = Channel.CreateUnbounded<(Delivery, bool)>();

    /// <summary>Runs before a delivery is stored.</summary>
    public Action Before { get; set; } = () => { };

    /// <summary>Runs once it is stored, before whoever brought it knows.</summary>
    public Action After { get; set; } = () => { };

    public async Task<bool> Append(Delivery delivery, CancellationToken cancellation)
    {
        Before();
        var isNew = await inbox.Append(delivery, cancellation);
        After();
        _appended.Writer.TryWrite((delivery, isNew));
        return isNew;
    }

    public async Task<Delivery> Next() => (await _appended.Reader.ReadAsync(TestContext.Current.CancellationToken)).Delivery;

    public async Task<bool> NextIsNew() => (await _appended.Reader.ReadAsync(TestContext.Current.CancellationToken)).IsNew;
}
