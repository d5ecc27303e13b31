using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Bots.Sandbox.Wire;
using Bots.Sidecar.Processes;

namespace Bots.Sidecar.Control;

/// <summary>Keeps one WebSocket open to the control plane, for as long as the sandbox lives.</summary>
internal sealed class ControlLink(SidecarSettings settings, ProcessTable processes, TimeProvider time)
{
    static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    const int MostComplaints = 10;
    string? _sessionToken;
    int _complaints;

    public async Task Run(CancellationToken stop)
    {
        var pause = FirstPause;
        while (true)
        {
            var start = time.GetTimestamp();
            try
            {
                using var socket = Open();
                await new LinkSession(socket, processes).Run(stop);
            }
            catch (Exception cut) when (cut is IOException or SocketException or WebSocketException or JsonException)
            {
                // Expected whenever the service restarts; but who never got through left its reason where the provider keeps it.
                if (_sessionToken is null && _complaints++ < MostComplaints) await Console.Error.WriteLineAsync(cut.Message);
            }

            pause = time.GetElapsedTime(start) > LongestPause ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));

            // Jitter: after a restart of the service all sandboxes come back at once.
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), time, stop);
        }
    }

    WebSocket Open()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            SendTimeout = (int)HandshakeTime.TotalMilliseconds,
            ReceiveTimeout = (int)HandshakeTime.TotalMilliseconds,
        };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(settings.Socket));
            var stream = new NetworkStream(socket, ownsSocket: true);
            Handshake.Upgrade(stream, _sessionToken ??= Register(stream));
            return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero });
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    string Register(Stream stream)
    {
        var token = Handshake.Register(stream, settings.RegistrationToken);
        processes.Environment[Protocol.TokenVariable] = token;
        processes.Environment[Protocol.GatewayVariable] = $"http://127.0.0.1:{settings.GatewayPort}";
        foreach (var (name, value) in ProxyEnvironment.For(settings.GatewayPort, token)) processes.Environment[name] = value;
        return token;
    }
}
