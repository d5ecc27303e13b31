using System.Collections.Concurrent;
using System.Net.Sockets;
using Bots.Sandbox.Sidecars;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Sandbox.Tests.Support;

/// <summary>The service's end: a real web server on a real Unix socket, which can be cut off, stopped and started anew.</summary>
internal sealed class ControlPlane : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentDictionary<HttpContext, bool> _open = [];

    ControlPlane(WebApplication app, SidecarHub hub)
    {
        _app = app;
        Hub = hub;
    }

    public SidecarHub Hub { get; }

    /// <summary>Starts a server with a hub that knows nothing yet, as after a restart of the service.</summary>
    public static async Task<ControlPlane> Start(string directory, ISidecarRegistry registry, TimeProvider? time = null)
    {
        var hub = new SidecarHub(registry, time ?? TimeProvider.System, NullLogger<SidecarHub>.Instance);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(hub).AddRouting().OpenControlSocket();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.ListenUnixSocket(Path.Combine(directory, "control.sock")));

        var app = builder.Build();
        var plane = new ControlPlane(app, hub);
        app.UseRouting();
        app.Use(plane.Track);
        app.MapSidecars();
        app.MapPost("/llm/{**path}", plane.Echo);
        File.Delete(Path.Combine(directory, "control.sock"));
        await app.StartAsync();
        return plane;
    }

    /// <summary>Breaks every connection, as a network does; the server goes on.</summary>
    public void Cut()
    {
        foreach (var context in _open.Keys) context.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public static HttpClient Client(string directory) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(directory, "control.sock")), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://control") };

    async Task Track(HttpContext context, RequestDelegate next)
    {
        _open[context] = true;
        try
        {
            await next(context);
        }
        finally
        {
            _open.TryRemove(context, out _);
        }
    }

    async Task Echo(HttpContext context)
    {
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "");
        var sandbox = await Hub.Authenticate(token, context.RequestAborted);
        using var body = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync($"{sandbox} asked {context.Request.Path} {await body.ReadToEndAsync(context.RequestAborted)}");
    }
}
