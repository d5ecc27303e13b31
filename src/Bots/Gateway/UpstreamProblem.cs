using System.Net.Sockets;

namespace Bots.Gateway;

/// <summary>Says what is wrong with the way to an upstream, in words a person can act on and without anything secret.</summary>
internal static class UpstreamProblem
{
    /// <param name="who">E.g. <c>The model provider 'openai'</c>.</param>
    public static string Describe(string who, Uri address, Exception problem) =>
        $"{who} at {address.GetLeftPart(UriPartial.Authority)} {Cause(problem)}.";

    private static string Cause(Exception problem) => problem switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "has a name that cannot be resolved; check the address and this machine's DNS",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "did not agree on TLS; check its certificate",
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "refused the connection; check the address and that the server runs",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "cannot be reached; check the address and this machine's network",
        OperationCanceledException => "did not take the connection within 10 seconds; check the address and this machine's network",
        _ => "broke off the connection before it answered; try again",
    };
}
