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
    const int MostComplaints = 10;

    /// <summary>On each new socket the service says the same again.</summary>
    const int MostUnreadable = 5;
    string? _registrationToken = settings.RegistrationToken;
    string? _linkToken;
    int _complaints;
    int _unreadable;

    public async Task Run(CancellationToken stop)
    {
        var failures = 0;
        while (true)
        {
            var start = time.GetTimestamp();
            try
            {
                using var socket = Open();
                await new LinkSession(socket, processes, time).Run(stop);
            }
            catch (JsonException unreadable) when (++_unreadable == MostUnreadable)
            {
                throw new ServiceUnreadableException(unreadable);
            }
            catch (Exception cut) when (cut is IOException or SocketException or WebSocketException or JsonException)
            {
                // Expected whenever the service restarts; but who never got through left its reason where the provider keeps it.
                if (_linkToken is null && _complaints++ < MostComplaints) await Console.Error.WriteLineAsync(cut.Message);
            }

            // A connection that held for a while was a good one.
            var held = time.GetElapsedTime(start) > Backoff.Longest;
            failures = held ? 1 : failures + 1;
            if (held) _unreadable = 0;
            await Task.Delay(Backoff.Pause(failures, Random.Shared.NextDouble()), time, stop);
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
            Handshake.Upgrade(stream, _linkToken ??= Register(stream));
            return new PlainWebSocket(stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    string Register(Stream stream)
    {
        var (link, session) = Handshake.Register(stream, _registrationToken!);
        _registrationToken = null;
        processes.Environment[Protocol.TokenVariable] = session;
        processes.Environment[Protocol.GatewayVariable] = $"http://127.0.0.1:{settings.GatewayPort}";
        foreach (var (name, value) in ProxyEnvironment.For(settings.GatewayPort, session)) processes.Environment[name] = value;
        return link;
    }
}
