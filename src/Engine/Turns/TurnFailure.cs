using Bots.Engine.Agents;
using Bots.Engine.Forges;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Bots.Sandbox;

namespace Bots.Engine.Turns;

/// <summary>A step of the platform failed. The message may be shown to people.</summary>
public sealed class TurnException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the same step may succeed later.</summary>
    public bool Transient { get; init; }
}

/// <summary>What people read when a turn failed. Pure.</summary>
internal static class TurnFailure
{
    private const string Full = "The disk of the machine I run on is full. Somebody who operates it has to free space; then ask again.";

    /// <summary>Our own failures speak for themselves; anything else is named by its kind only, since its text may hold what is not for people.</summary>
    /// <param name="noRoom">There is next to no room on the disk.</param>
    public static string Cause(Exception e, bool noRoom) => e switch
    {
        _ when e.IsDiskFull() => Full,
        TurnException or AgentException or SandboxException => Cause(e.Message, noRoom),
        ForgeException or StoreException => e.Message,
        _ => $"Something went wrong on my side ({e.GetType().Name}). The log of the service says more; asking again may help.",
    };

    /// <summary>On a full disk it is chance who meets it first, and what an agent makes of it says little.</summary>
    public static string Cause(string message, bool noRoom) => noRoom ? $"{Full} ({message})" : message;
}
