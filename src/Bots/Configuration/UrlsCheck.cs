using System.Net;
using System.Net.Sockets;

namespace Bots.Configuration;

/// <summary>Whether the service can listen where it should: tried for a moment, so that whoever starts it reads what is in the way.</summary>
internal sealed class UrlsCheck(IConfiguration configuration) : IConfigurationCheck
{
    private const string Key = "Urls";
    private const string Example = "http://127.0.0.1:8080";

    public IEnumerable<ConfigurationProblem> Check() =>
        (configuration[Key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Problem).OfType<ConfigurationProblem>();

    private static ConfigurationProblem? Problem(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return new(Key, $"'{url}' is no address to listen on", $"Write one like {Example}; several are separated by semicolons.");
        }

        if (address.IsUnixPipe || address.IsNamedPipe || address.Port == 0) return null;
        try
        {
            using var listener = new TcpListener(Host(address), address.Port);
            listener.Start();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => new(Key, $"another program listens on {url} already", $"Stop it, or set Urls to a free port ({Example}). 'ss -ltnp' shows who listens where."),
                SocketError.AccessDenied => new(Key, $"this user may not listen on {url}", $"Take a port from 1024 on ({Example}) with a proxy in front, or grant CAP_NET_BIND_SERVICE."),
                _ => new(Key, $"nobody can listen on {url}: {e.Message}", $"Use an address this machine has, or {Example}."),
            };
        }
    }

    /// <summary>As Kestrel reads it: a name other than localhost means all addresses.</summary>
    private static IPAddress Host(BindingAddress address) => address.Host switch
    {
        "localhost" => IPAddress.Loopback,
        var host when IPAddress.TryParse(host, out var parsed) => parsed,
        _ => IPAddress.Any,
    };
}
