using System.Net;
using System.Net.Sockets;
using Bots.Bench.World;
using Bots.Engine;
using Bots.Engine.Audit;
using Bots.Engine.Forges;
using Bots.Engine.Gateway;
using Bots.Engine.Repositories;
using Bots.Engine.Sandboxes;
using Bots.Engine.Sessions;
using Bots.Gateway;
using Bots.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bots.Bench.Gateway;

/// <summary>The service's gateway on a control socket, a server behind it that answers as models and forges do, and clients for both.</summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-bench-");
    private readonly int _port = ServiceProcess.FreePort();
    private readonly WebApplication _upstream;
    private readonly WebApplication _gateway;

    private GatewayWorld(RequestDelegate upstream)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        _upstream = builder.Build();
        _upstream.Run(upstream);
        _gateway = Gateway();
    }

    /// <param name="upstream">What answers behind the gateway.</param>
    public static async Task<GatewayWorld> Start(RequestDelegate upstream)
    {
        var world = new GatewayWorld(upstream);
        await world._upstream.StartAsync();
        await world._gateway.StartAsync();
        return world;
    }

    /// <summary>A client of the server itself.</summary>
    public HttpClient Direct() => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Upstream, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>A client of the gateway, as a sandbox is one.</summary>
    public HttpClient Through()
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(ControlPath), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://gateway"), Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "bench");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private Uri Upstream => new($"http://127.0.0.1:{_port}");

    private string ControlPath => Path.Combine(_directory.FullName, "control.sock");

    private WebApplication Gateway()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Models:Providers:openai:BaseUrl"] = $"http://127.0.0.1:{_port}/v1", ["Models:Providers:openai:ApiKey"] = "sk-bench",
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(ControlPath));
        builder.Logging.ClearProviders();
        var stand = new StandIn(Upstream);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(new SandboxPaths(_directory.FullName)).AddSingleton<ModelTrouble>();
        builder.Services.AddSingleton<IGatewayAccess>(stand).AddSingleton<IModelBudgets>(stand).AddSingleton<IRepositorySettings>(stand)
            .AddSingleton<IForge>(stand).AddSingleton<IEgressGate>(stand).AddSingleton<IAuditTrail>(stand);
        builder.Services.AddGateway(builder.Configuration);
        var app = builder.Build();
        app.UseControlSocket();
        app.MapGateway();
        return app;
    }

    /// <summary>What the engine does for the gateway, without a store.</summary>
    private sealed class StandIn(Uri forge) : IGatewayAccess, IModelBudgets, IRepositorySettings, IForge, IEgressGate, IAuditTrail
    {
        private static readonly GatewayCaller Caller = new(new SandboxId("sbx_1"), new SessionId("ses_1"), RepositoryName.Parse("acme/widgets"), "bots/bench");

        public Uri Web => forge;

        public Task<GatewayCaller?> Authenticate(string sessionToken, CancellationToken cancellation) => Task.FromResult<GatewayCaller?>(Caller);

        public Task<ForgeFile?> ReadFile(RepositoryName repository, string path, CancellationToken cancellation) => Task.FromResult<ForgeFile?>(null);

        public Task RecordUsage(SessionId session, string provider, string model, TokenUsage usage, CancellationToken cancellation) => Task.CompletedTask;

        public Task<BudgetVerdict> Admit(SessionId session, RepositoryName repository, CancellationToken cancellation) => Task.FromResult<BudgetVerdict>(BudgetVerdict.Go.Now);

        public Task<RepositorySettings> Of(RepositoryName repository, CancellationToken cancellation) => Task.FromResult(RepositorySettings.Default);

        public Task<GitAccess> Access(RepositoryName repository, GitRight right, CancellationToken cancellation) => Task.FromResult(new GitAccess(new Uri(forge, $"/{repository}.git"), "Basic bench"));

        public Task Append(AuditEntry entry, CancellationToken cancellation) => Task.CompletedTask;

        public Task<EgressAnswer> Admit(GatewayCaller caller, EgressTarget target, CancellationToken cancellation) => Task.FromResult(new EgressAnswer(false, "not here"));

        public Task<IReadOnlyList<KnownRepository>> Repositories(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<KnownRepository>>([]);

        public Task<string> DefaultBranch(RepositoryName repository, CancellationToken cancellation) => Task.FromResult("main");

        public Task<PullRequest?> FindPullRequest(RepositoryName repository, string branch, CancellationToken cancellation) => Task.FromResult<PullRequest?>(null);

        public Task<PullRequest> OpenPullRequest(RepositoryName repository, NewPullRequest request, CancellationToken cancellation) => throw new ForgeException("there is no forge", transient: false);

        public Task<bool> IsAncestor(RepositoryName repository, string ancestor, string commit, CancellationToken cancellation) => Task.FromResult(true);

        public Task<Person> Self(CancellationToken cancellation) => Task.FromResult(new Person("bench", "bots", "bots"));
    }
}
