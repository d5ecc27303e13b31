namespace Bots.Sidecar.Control;

/// <summary>The service says what the sidecar cannot read, again and again: connecting once more is no use, and the sandbox is as good as lost.</summary>
internal sealed class ServiceUnreadableException(Exception cause) : Exception($"The control plane cannot be understood: {cause.Message}", cause);
