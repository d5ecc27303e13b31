using System.Globalization;
using Bots.Sandbox.Wire;

namespace Bots.Sidecar;

/// <summary>What the provider told us through the environment.</summary>
internal sealed record SidecarSettings
{
    public required string RegistrationToken { get; init; }

    public string Socket { get; init; } = Protocol.ControlSocket;

    public int GatewayPort { get; init; } = Protocol.GatewayPort;

    public long OutputBufferBytes { get; init; } = Protocol.OutputBufferBytes;

    /// <summary>Takes the registration token out of the environment, so that no child inherits it and <c>/proc</c> does not show it to anybody.</summary>
    /// <returns>Null when there is no token.</returns>
    public static SidecarSettings? FromEnvironment()
    {
        var token = Environment.GetEnvironmentVariable(Protocol.RegistrationTokenVariable);
        var buffer = Environment.GetEnvironmentVariable(Protocol.BufferVariable);
        Environment.SetEnvironmentVariable(Protocol.RegistrationTokenVariable, null);
        Native.WipeVariable(Protocol.RegistrationTokenVariable);
        Environment.SetEnvironmentVariable(Protocol.BufferVariable, null);
        Environment.SetEnvironmentVariable(Protocol.DiagnosticsVariable, null);
        if (string.IsNullOrEmpty(token)) return null;

        return new SidecarSettings
        {
            RegistrationToken = token,
            OutputBufferBytes = long.TryParse(buffer, CultureInfo.InvariantCulture, out var bytes) ? bytes : Protocol.OutputBufferBytes,
        };
    }
}
