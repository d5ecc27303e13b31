using System.Net;
using System.Net.Sockets;
using Bots.Engine;
using Bots.Engine.Audit;
using Bots.Engine.Forges;
using Bots.Engine.Gateway;
using Bots.Engine.Repositories;
using Bots.Engine.Sandboxes;
using Bots.Gateway;
using Bots.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.Gateway;

/// <summary>The gateway on a real Kestrel: on a Unix socket, and beside it a public port that must not show it.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    public const string Token = "session-token-of-the-test";
    public const string Branch = "bots/fix-0001";

    private WebApplication _app = null!;

    private GatewayHost(string directory) => Directory = directory;

    public string Directory { get; }

    public string SocketPath => Path.Combine(Directory, "control.sock");

    public RecordingAccess Access => (RecordingAccess)_app.Services.GetRequiredService<IGatewayAccess>();

    public FixedBudgets Budgets => _app.Services.GetRequiredService<FixedBudgets>();

    public FixedSettings Settings => _app.Services.GetRequiredService<FixedSettings>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public ScriptedGate Gate { get; } = new();

    public RecordingTrail Trail { get; } = new();

    public FixedNames Names { get; } = new();

    public RecordingLog Log => _app.Services.GetRequiredService<RecordingLog>();

    public static GatewayCaller Caller { get; } = new(new SandboxId("sbx_1"), new SessionId("ses_0123456789"), RepositoryName.Parse("acme/widgets"), Branch) { Reads = [RepositoryName.Parse("acme/library")] };

    /// <summary>Addresses of the public port.</summary>
    public Uri PublicUrl => new(_app.Urls.First(address => !address.Contains("unix")));

    public static async Task<GatewayHost> Start(Dictionary<string, string?>? settings = null, IForge? forge = null, TimeProvider? time = null, Action<IServiceCollection>? replace = null)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("gw").FullName;
        var host = new GatewayHost(directory);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(Path.Combine(directory, "control.sock"));
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<RecordingLog>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<RecordingLog>());
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IGatewayAccess>(new RecordingAccess()).AddSingleton<ModelTrouble>();
        builder.Services.AddSingleton<FixedBudgets>().AddSingleton<IModelBudgets>(services => services.GetRequiredService<FixedBudgets>());
        builder.Services.AddSingleton<FixedSettings>().AddSingleton<IRepositorySettings>(services => services.GetRequiredService<FixedSettings>());
        builder.Services.AddSingleton(new SandboxPaths(directory));
        builder.Services.AddSingleton(forge ?? new FixedForge(new GitAccess(new Uri("http://127.0.0.1:9/acme/widgets.git"), null)));
        builder.Services.AddSingleton<IEgressGate>(host.Gate).AddSingleton<IAuditTrail>(host.Trail);
        builder.Services.AddGateway(builder.Configuration);
        builder.Services.AddSingleton<IHostNames>(host.Names);
        replace?.Invoke(builder.Services);
        var app = host._app = builder.Build();
        app.UseControlSocket();
        app.MapGateway();
        app.MapGet("/healthz", () => "ok");
        await app.StartAsync();
        return host;
    }

    /// <summary>A connection to the control socket.</summary>
    public async Task<Socket> Dial()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>A client that dials the control socket.</summary>
    public HttpClient Client(string? token = Token)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://gateway") };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
