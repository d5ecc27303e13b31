using Bots.Simulators.GitHub.Control;
using Bots.Simulators.GitHub.Faults;
using Bots.Simulators.GitHub.Git;
using Bots.Simulators.GitHub.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bots.Simulators.GitHub;

public sealed partial class GitHubSimulator
{
    private readonly CancellationTokenSource _stopping = new();

    private async Task Listen()
    {
        _host = SimulatorHost.Create(Options.Port, Configure);

        var authentication = new Authentication(_world, new AppJwt(_key, Options.AppId, Options.ClientId, Options.Time));
        var pipeline = new ApiPipeline(_world, authentication, new RateLimits(_world));
        _host.Use((http, next) => _calls.Invoke(http, new RequestDelegate(next)));
        _host.Use((http, next) => FaultMiddleware.Invoke(http, new RequestDelegate(next), _faults));
        _host.UseCors();
        _host.Use((http, next) => pipeline.Invoke(http, new RequestDelegate(next)));
        Map(_host, authentication);
        await _host.StartAsync();

        _world.WebUrl = SimulatorHost.Address(_host);
        _world.ApiUrl = new Uri(_world.WebUrl, CallLog.ApiBase.TrimStart('/') + "/");
    }

    private static void Configure(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.SetIsOriginAllowed(IsLocal).AllowAnyHeader().AllowAnyMethod()));
        builder.Logging.AddSimpleConsole().AddFilter(level => level >= LogLevel.Error);
    }

    private void Map(WebApplication host, Authentication authentication)
    {
        var api = host.MapGroup(CallLog.ApiBase);
        new AppEndpoints(_world, _render, _installations).Map(api);
        new HookEndpoints(_world, _webhooks).Map(api);
        new RepositoryEndpoints(_world, _render).Map(api);
        new CommentEndpoints(_render, _discussion).Map(api);
        new ReactionEndpoints(_render, _discussion).Map(api);
        new PullEndpoints(_world, _render, _pulls, _heads).Map(api);
        new GitDataEndpoints(_world, _render, _comparisons).Map(api);
        new ContentEndpoints(_world).Map(api);
        new CheckEndpoints(_render, _checks).Map(api);
        api.Map("/{**unknown}", (HttpContext _) => throw ApiException.NotFound());

        new GitEndpoints(_world, authentication, _pushes).Map(host);
        new ControlEndpoints(this, _world, _stopping.Token).Map(host);
        new Pages(_world, _heads).Map(host);
    }

    private static bool IsLocal(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && (uri.IsLoopback || uri.Host == "localhost");
}
