namespace Bots.Faults;

/// <summary>Nothing was run; the message says why, and what mends it.</summary>
public sealed class CannotRunException(string message) : Exception(message);
