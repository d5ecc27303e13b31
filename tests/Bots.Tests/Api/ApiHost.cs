using System.Net.Http;
using Bots.Configuration;
using Bots.Engine.Storage;
using Bots.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.Api;

/// <summary>The service with no surface at all, for what is asked of it over the HTTP API.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-");
    private readonly WebApplication _service;

    private ApiHost(Action<IServiceCollection> replace, string? dataDirectory)
    {
        DataDirectory = dataDirectory ?? Path.Combine(_directory.FullName, "data");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0", ["Bots:DataDirectory"] = DataDirectory, ["Agents:Directory"] = Path.Combine(Installation.Root, "manifests", "agents"),
        });
        builder.Logging.ClearProviders().AddProvider(new TestLog(TestContext.Current.TestOutputHelper));
        builder.AddBots();
        replace(builder.Services);
        _service = builder.Build();
    }

    public string DataDirectory { get; }

    public HttpClient Client { get; } = new();

    public IServiceProvider Services => _service.Services;

    public IStore Store => Services.GetRequiredService<IStore>();

    public static async Task<ApiHost> Start(Action<IServiceCollection>? replace = null, string? dataDirectory = null)
    {
        var host = new ApiHost(replace ?? (_ => { }), dataDirectory);
        var problems = new StringWriter();
        if (!ConfigurationReport.IsSound(host.Services, problems)) throw new InvalidOperationException(problems.ToString());
        host._service.UseBots();
        await host._service.StartAsync();
        var addresses = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        host.Client.BaseAddress = new Uri(addresses.Single(a => !a.Contains("unix", StringComparison.Ordinal)));
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _service.StopAsync();
        await _service.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
