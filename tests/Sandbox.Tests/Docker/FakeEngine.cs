using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bots.Sandbox.Docker;
using Bots.Sandbox.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Sandbox.Tests.Docker;

/// <summary>What a call looked like.</summary>
internal sealed record Called(string Method, string Path, IReadOnlyDictionary<string, string> Query, string Body)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>
/// An engine on a Unix socket that answers as it is told and refuses what it was not told of, a version it does not know, and a body that is not JSON.
/// It is well and knows an image unless it is told otherwise.
/// </summary>
internal sealed partial class FakeEngine : IAsyncDisposable
{
    public const string Container = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bots-");
    readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = [];
    readonly ConcurrentQueue<Called> _calls = [];
    readonly WebApplication _app;

    FakeEngine()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.ListenUnixSocket(Socket));
        _app = builder.Build();
        _app.Run(Answer);
        Version("1.41");
        Says("GET /info", """{"NCPU":2,"MemoryLimit":true,"SwapLimit":true,"CpuCfsQuota":true,"PidsLimit":true,"OSType":"linux","SecurityOptions":["name=seccomp,profile=default"]}""");
        Says("GET /images/*/json", """{"Id":"sha256:1234","Config":{"Volumes":null}}""");
        Says("POST /containers/create", $$"""{"Id":"{{Container}}","Warnings":[]}""", 201);
        Says("POST /containers/*/start", "", 204);
        Says("GET /containers/*/json", $$$"""{"Id":"{{{Container}}}","State":{"Pid":0,"ExitCode":0,"Error":"","OOMKilled":false}}""");
        Says("GET /containers/json", "[]");
        Says("DELETE /containers/*", "", 204);
        Says("GET /volumes", """{"Volumes":null,"Warnings":null}""");
        Says("POST /volumes/create", """{"Name":"x","Labels":{}}""", 201);
        Says("DELETE /volumes/*", """{"message":"get x: no such volume"}""", 404);
        Attaches(["ready"]);
    }

    public string Socket => Path.Combine(_directory.FullName, "engine.sock");

    public IReadOnlyList<Called> Calls => [.. _calls];

    /// <summary>What was written to the container's input.</summary>
    public string Input { get; private set; } = "";

    public static async Task<FakeEngine> Start()
    {
        var engine = new FakeEngine();
        await engine._app.StartAsync();
        return engine;
    }

    public DockerProvider Provider(TimeProvider? time = null) => new(Options, time ?? TimeProvider.System, NullLogger<DockerProvider>.Instance);

    public DockerOptions Options => new() { Socket = Socket, Image = "image", Instance = "here", ControlDirectory = Folder("control") };

    public SandboxSpec Spec() => new()
    {
        Id = SandboxId.New(),
        Workspace = Folder("workspace"),
        Home = Folder("home"),
        ControlDirectory = Folder("control"),
        RegistrationToken = "the-registration-token",
        Labels = new Dictionary<string, string> { ["bots.session"] = "s" },
    };

    public string Folder(string name) => _directory.CreateSubdirectory(name).FullName;

    public void Version(string newest, string oldest = "1.12") =>
        Says("GET /version", $$"""{"Version":"29.0","ApiVersion":"{{newest}}","MinAPIVersion":"{{oldest}}","Os":"linux","Components":[{"Name":"Engine","Version":"20"}]}""");

    public void Says(string call, string body, int status = 200) => On(call, async context =>
    {
        context.Response.StatusCode = status;
        if (body.Length > 0) context.Response.ContentType = "application/json";
        if (body.Length > 0) await context.Response.WriteAsync(body);
    });

    public void Fails(string call, int status, string message) => Says(call, JsonSerializer.Serialize(new { message }), status);

    public void On(string call, Func<HttpContext, Task> answer) => _answers[call] = answer;

    /// <summary>Once it was told something, the container writes these lines to its error output, and then ends or goes on.</summary>
    public void Attaches(IReadOnlyList<string> lines) => On("POST /containers/*/attach", async context =>
    {
        var upgrade = context.Features.Get<IHttpUpgradeFeature>().ShouldNotBeNull();
        upgrade.IsUpgradableRequest.ShouldBeTrue();
        await using var stream = await upgrade.UpgradeAsync();
        using var reader = new StreamReader(stream, leaveOpen: true);
        Input += await reader.ReadLineAsync(context.RequestAborted);
        // A frame's end is not a line's end.
        foreach (var part in string.Concat(lines.Select(l => l + "\n")).Chunk(5))
        {
            await stream.WriteAsync(new byte[] { 2, 0, 0, 0, 0, 0, 0, (byte)part.Length }, context.RequestAborted);
            await stream.WriteAsync(part.Select(letter => (byte)letter).ToArray(), context.RequestAborted);
        }
    });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    async Task Answer(HttpContext context)
    {
        var match = Versioned().Match(context.Request.Path);
        var path = match.Success ? match.Groups[2].Value : context.Request.Path.Value!;
        using var reader = new StreamReader(context.Request.Body);
        var body = HttpMethods.IsPost(context.Request.Method) && !path.EndsWith("/attach", StringComparison.Ordinal) ? await reader.ReadToEndAsync(context.RequestAborted) : "";
        _calls.Enqueue(new Called(context.Request.Method, context.Request.Path, context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()), body));

        if (body.Length > 0 && !context.Request.HasJsonContentType()) await Refuse(context, 400, "Content-Type header is not JSON");
        else if (!match.Success && path != "/version") await Refuse(context, 400, "client version is missing");
        else if (Find($"{context.Request.Method} {path}") is { } answer) await answer(context);
        else await Refuse(context, 404, "page not found");
    }

    Func<HttpContext, Task>? Find(string call) =>
        _answers.TryGetValue(call, out var exact) ? exact : _answers.FirstOrDefault(a => a.Key.Contains('*') && Regex.IsMatch(call, $"^{Regex.Escape(a.Key).Replace("\\*", "[^/]+")}$")).Value;

    static async Task Refuse(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { message });
    }

    [GeneratedRegex(@"^/v(\d+\.\d+)(/.*)$")]
    private static partial Regex Versioned();
}
