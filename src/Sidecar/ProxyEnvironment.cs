namespace Bots.Sidecar;

/// <summary>Tells every program in the sandbox that other hosts are reached through the gateway, which asks for the session token.</summary>
internal static class ProxyEnvironment
{
    /// <summary>What is on the loopback, the gateway itself included, is reached directly.</summary>
    const string Direct = "127.0.0.1,localhost,::1";

    public static IEnumerable<KeyValuePair<string, string>> For(int port, string token)
    {
        var proxy = $"http://bots:{token}@127.0.0.1:{port}";
        // Some programs look for the one spelling only, some for the other.
        foreach (var name in (string[])["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"]) yield return new(name, proxy);
        foreach (var name in (string[])["NO_PROXY", "no_proxy"]) yield return new(name, Direct);
        // Node's own fetch heeds the others only when it is told to.
        yield return new("NODE_USE_ENV_PROXY", "1");
    }
}
