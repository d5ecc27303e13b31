using System.Diagnostics;
using Bots.Bench.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;

namespace Bots.Bench.Ack;

/// <summary>The limit: a Kestrel, as a process of its own, that reads the body and answers 200. It checks nothing and stores nothing.</summary>
public sealed class BareServer : IAsyncDisposable
{
    public const string Command = "bare-server";

    private readonly Process _process;

    private BareServer(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<BareServer> Start()
    {
        var start = new ProcessStartInfo(Programs.Dotnet, [Programs.Bench, Command]) { UseShellExecute = false, RedirectStandardOutput = true };
        // As the service has it, being a web project.
        start.Environment["DOTNET_gcServer"] = "1";
        var process = Process.Start(start)!;
        var url = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bare server did not start.");
        return new BareServer(process, new Uri(url));
    }

    /// <summary>What the process does.</summary>
    internal static async Task<int> Run()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(async context =>
        {
            while (await context.Request.BodyReader.ReadAsync(context.RequestAborted) is var read)
            {
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
            }
        });
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await app.WaitForShutdownAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
