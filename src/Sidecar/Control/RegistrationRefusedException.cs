namespace Bots.Sidecar.Control;

/// <summary>The registration token is unknown, used or too old: trying again is no use.</summary>
internal sealed class RegistrationRefusedException() : Exception("The control plane refused the registration token.");
