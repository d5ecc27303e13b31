using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Bots.Simulators.GitHub.Git;

/// <summary>Hands a request to <c>git http-backend</c> over CGI (RFC 3875) and streams its answer back.</summary>
internal static class GitHttpBackend
{
    /// <summary>Runs one request. <paramref name="beforeEnd"/> runs once git has ended, while the client still waits for the end of the answer.</summary>
    /// <param name="path">Path below <paramref name="projectRoot"/>: <c>/owner/name.git/info/refs</c>.</param>
    public static async Task Run(
        HttpContext http, string projectRoot, string path, string remoteUser, bool mayChangeWorkflows, Func<Task> beforeEnd)
    {
        var start = GitCommand.Prepare(projectRoot, ["http-backend"]);
        foreach (var (key, value) in Environment(http.Request, projectRoot, path, remoteUser)) start.Environment[key] = value;
        start.Environment[WorkflowGuard.Allowed] = mayChangeWorkflows ? "1" : "0";

        using var process = Process.Start(start)!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(http.RequestAborted);
            var request = Send(http.Request, process);
            await Receive(process, http.Response, http.RequestAborted);
            await request;
            await process.WaitForExitAsync(http.RequestAborted);
            await errors;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            await beforeEnd();
        }
    }

    private static IEnumerable<(string Key, string Value)> Environment(HttpRequest request, string root, string path, string remoteUser)
    {
        yield return ("GATEWAY_INTERFACE", "CGI/1.1");
        yield return ("GIT_PROJECT_ROOT", root);
        yield return ("GIT_HTTP_EXPORT_ALL", "1");
        yield return ("PATH_INFO", path);
        yield return ("QUERY_STRING", request.QueryString.Value?.TrimStart('?') ?? "");
        yield return ("REQUEST_METHOD", request.Method);
        yield return ("SERVER_PROTOCOL", request.Protocol);
        yield return ("REMOTE_ADDR", request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "127.0.0.1");
        yield return ("REMOTE_USER", remoteUser);
        if (request.ContentType is { } type) yield return ("CONTENT_TYPE", type);
        if (request.ContentLength is { } length) yield return ("CONTENT_LENGTH", length.ToString(CultureInfo.InvariantCulture));
        if (request.Headers.ContentEncoding is [{ } encoding, ..]) yield return ("HTTP_CONTENT_ENCODING", encoding);
        if (request.Headers["Git-Protocol"] is [{ } protocol, ..]) yield return ("GIT_PROTOCOL", protocol);
        if (request.Headers.Accept is [{ } accept, ..]) yield return ("HTTP_ACCEPT", accept);
    }

    private static async Task Send(HttpRequest request, Process process)
    {
        try
        {
            await request.Body.CopyToAsync(process.StandardInput.BaseStream, request.HttpContext.RequestAborted);
            process.StandardInput.Close();
        }
        catch (IOException exception)
        {
            // The backend may refuse without reading to the end; what it answers says why.
            Debug.WriteLine(exception.Message);
        }
    }

    private static async Task Receive(Process process, HttpResponse response, CancellationToken cancellation)
    {
        var output = process.StandardOutput.BaseStream;
        var buffer = new byte[64 * 1024];
        var filled = 0;
        int body;
        while ((body = CgiHeader.End(buffer.AsSpan(0, filled))) < 0)
        {
            var read = filled == buffer.Length ? 0 : await output.ReadAsync(buffer.AsMemory(filled), cancellation);
            if (read == 0)
            {
                response.StatusCode = StatusCodes.Status502BadGateway;
                return;
            }

            filled += read;
        }

        CgiHeader.Apply(buffer.AsSpan(0, body), response);
        await response.Body.WriteAsync(buffer.AsMemory(body, filled - body), cancellation);
        for (int read; (read = await output.ReadAsync(buffer, cancellation)) > 0;)
        {
            await response.Body.WriteAsync(buffer.AsMemory(0, read), cancellation);
            await response.Body.FlushAsync(cancellation);
        }
    }
}
