using System.Net.Sockets;

namespace Bots.Http;

/// <summary>
/// A connection that is reset in the moment it is made leaves <see cref="HttpClient"/> as a bare <see cref="SocketException"/>, since it
/// asks the socket who is at its other end. Here it becomes what every other failure to connect is.
/// </summary>
internal sealed class ConnectFailures : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
        }
    }
}

internal static class HttpSetup
{
    /// <summary>For all clients there are.</summary>
    public static IServiceCollection AddConnectFailures(this IServiceCollection services) =>
        services.AddTransient<ConnectFailures>().ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler<ConnectFailures>());
}
