namespace Bots.Gateway;

/// <summary>How many pushes may be under way, and how much they may take of the disk and of the processor.</summary>
internal sealed class PushRooms(GatewayOptions options, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Pushes, from their commands to the forge's answer. Each sandbox makes one at a time.</summary>
    public SharedRoom Pushes { get; } = new(64, 1, Patience, time);

    /// <summary>Packs that are read at the moment: work for the processor alone.</summary>
    public SharedRoom Checks { get; } = new(2, 1, 2 * Patience, time);

    /// <summary>Bytes on disk.</summary>
    public SharedRoom Spooled { get; } = new(4 * options.MaxPushSize.Bytes, options.MaxPushSize.Bytes, Patience, time);
}
