using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Bots.Engine.Intake;
using Bots.Engine.Storage;

namespace Bots.Engine.Tests.World;

/// <summary>Deliveries of this surface hold what they mean.</summary>
public sealed class FakeReader(Pulse pulse) : IDeliveryReader
{
    private ImmutableList<string> _read = [];

    public string Surface => "fake";

    /// <summary>The deliveries it was given, each time it was given one.</summary>
    public ImmutableList<string> Reads => Volatile.Read(ref _read);

    /// <summary>Deliveries for which this is true cannot be read.</summary>
    public Func<Delivery, bool> Fails { get; set; } = _ => false;

    /// <summary>Readings of deliveries for which this is true never end by themselves.</summary>
    public Func<Delivery, bool> Hangs { get; set; } = _ => false;

    /// <summary>True when one of these was told to end.</summary>
    public bool BrokenOff { get; private set; }

    /// <summary>What the next reading fails with; null when it goes well.</summary>
    public Func<Exception?> Failure { get; set; } = () => null;

    /// <summary>Why a delivery is nothing to the bot; null when it has to be read.</summary>
    public Func<Delivery, string?> Nothing { get; set; } = _ => null;

    /// <summary>Whoever asked waits for an answer.</summary>
    public ConversationKey? Awaited(Delivery delivery) => Parse(delivery) is Inbound.PromptRequest request ? request.Conversation : null;

    /// <summary>False while nobody knows who the bot is.</summary>
    public bool TellsReplies { get; set; } = true;

    public ConversationKey? Continues(Delivery delivery) => TellsReplies && Parse(delivery) is Inbound.PromptRequest { MayStart: false } request ? request.Conversation : null;

    public ConversationKey? Place(Delivery delivery) => Awaited(delivery);

    public string? PassOver(Delivery delivery) => Nothing(delivery);

    public static byte[] Write(Inbound inbound) => Encoding.UTF8.GetBytes($"{inbound.GetType().FullName}\n{JsonSerializer.Serialize(inbound, inbound.GetType(), EngineJson.Options)}");

    public async Task<IReadOnlyList<Inbound>> Read(Delivery delivery, CancellationToken cancellation)
    {
        _read = _read.Add(delivery.Id);
        pulse.Beat();
        if (Failure() is { } failure) throw failure;
        if (Fails(delivery)) throw new HttpRequestException("on purpose");
        if (Hangs(delivery)) await Hang(cancellation);
        return [Parse(delivery)];
    }

    private async Task Hang(CancellationToken cancellation)
    {
        var brokenOff = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(brokenOff.SetResult);
        await brokenOff.Task;
        BrokenOff = true;
        pulse.Beat();
        cancellation.ThrowIfCancellationRequested();
    }

    private static Inbound Parse(Delivery delivery)
    {
        var parts = Encoding.UTF8.GetString(delivery.Body).Split('\n', 2);
        return (Inbound)JsonSerializer.Deserialize(parts[1], typeof(Inbound).Assembly.GetType(parts[0])!, EngineJson.Options)!;
    }
}
