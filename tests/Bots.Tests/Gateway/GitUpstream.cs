using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Bots.Tests.Gateway;

/// <summary>A forge's git server: <c>git http-backend</c> behind HTTP, for whoever brings the right credential.</summary>
internal sealed class GitUpstream : IAsyncDisposable
{
    public const string Authorization = "Basic eC1hY2Nlc3MtdG9rZW46Z2hzX3NlY3JldA==";

    private readonly WebApplication _app;
    private readonly string _root;

    private GitUpstream(WebApplication app, string root) => (_app, _root) = (app, root);

    public Uri Remote => new($"{_app.Urls.Single()}/acme/widgets.git");

    public string Repository => Path.Combine(_root, "acme/widgets.git");

    /// <summary>Method, path and the headers of what came in.</summary>
    public List<(string Call, IHeaderDictionary Headers)> Requests { get; } = [];

    public static async Task<GitUpstream> Start()
    {
        var root = Directory.CreateTempSubdirectory("forge").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var upstream = new GitUpstream(app, root);
        await Git.Run(root, "init", "--bare", "--initial-branch=main", upstream.Repository);
        await Git.Run(upstream.Repository, "config", "http.receivepack", "true");
        app.Run(upstream.Serve);
        await app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private async Task Serve(HttpContext context)
    {
        lock (Requests) Requests.Add(($"{context.Request.Method} {context.Request.Path}", new HeaderDictionary(context.Request.Headers.ToDictionary())));
        if (context.Request.Headers.Authorization != Authorization)
        {
            context.Response.StatusCode = 401;
            return;
        }

        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        using var process = Process.Start(Cgi(context.Request))!;
        var input = Task.Run(async () =>
        {
            await context.Request.Body.CopyToAsync(process.StandardInput.BaseStream, context.RequestAborted);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output, context.RequestAborted);
        await input;
        await process.WaitForExitAsync(context.RequestAborted);
        await Answer(context.Response, output.ToArray());
    }

    private ProcessStartInfo Cgi(HttpRequest request)
    {
        var start = new ProcessStartInfo("git", ["http-backend"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["GIT_PROJECT_ROOT"] = _root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["REQUEST_METHOD"] = request.Method;
        start.Environment["PATH_INFO"] = request.Path;
        start.Environment["QUERY_STRING"] = request.QueryString.Value!.TrimStart('?');
        start.Environment["CONTENT_TYPE"] = request.ContentType ?? "";
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding.ToString();
        start.Environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"].ToString();
        start.Environment["REMOTE_USER"] = "bot";
        start.Environment.Remove("CONTENT_LENGTH");
        if (request.ContentLength is { } length) start.Environment["CONTENT_LENGTH"] = length.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    private static async Task Answer(HttpResponse response, byte[] output)
    {
        var end = output.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(output, 0, Math.Max(0, end)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = line.Split(": ", 2) is [var left, var right] ? (left, right) : (line, "");
            if (name == "Status") response.StatusCode = int.Parse(value.AsSpan(0, 3), CultureInfo.InvariantCulture);
            else response.Headers[name] = value;
        }

        await response.Body.WriteAsync(output.AsMemory(end + 4));
    }
}
