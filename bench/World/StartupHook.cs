using System.Net.Sockets;

/// <summary>
/// Runs inside the service under test before its <c>Main</c>, where DOTNET_STARTUP_HOOKS names this assembly: answers on a socket how many
/// bytes the process has allocated so far. The runtime wants exactly this name, outside any namespace.
/// </summary>
internal static class StartupHook
{
    /// <summary>The environment variable with the socket's path.</summary>
    public const string Variable = "BOTS_BENCH_SOCKET";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } path) return;
        // What the service starts in its turn is not measured.
        Environment.SetEnvironmentVariable(Variable, null);
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Answer(listener)) { IsBackground = true, Name = "bench" }.Start();
    }

    private static void Answer(Socket listener)
    {
        while (true)
        {
            using var asking = listener.Accept();
            asking.Send(BitConverter.GetBytes(GC.GetTotalAllocatedBytes(precise: true)));
        }
    }
}
