using System.Diagnostics;
using System.Net;
using Bots.Engine;
using Bots.Engine.Audit;
using Bots.Engine.Forges;
using Bots.Engine.Gateway;
using Bots.Engine.Telemetry;
using Bots.Gateway.Lfs;

namespace Bots.Gateway;

/// <summary><c>/git/{owner}/{repo}.git/…</c>: smart HTTP to the forge, for the session's own repository and branch only.</summary>
internal sealed partial class GitProxy(IForge forge, PushCheck check, PushSpool spool, PushRooms rooms, GitPace pace, LfsProxy lfs, IGatewayAccess access, IHttpClientFactory clients, IAuditTrail audit, TurnTraces turns, TimeProvider time, ILogger<GitProxy> log)
{
    public async Task Handle(HttpContext context, string owner, string repository, string path)
    {
        if (SessionToken.Find(context.Request.Headers) is not { } token || await access.Authenticate(token, context.RequestAborted) is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"bots\"";
            await Refuse(context, 401, "The gateway knows no live session with this token.");
            return;
        }

        using var named = LogScopes.Session(log, caller.Session);
        // Transfers of large files are many, and not written down.
        var isTransfer = path.StartsWith(LfsProxy.TransferPath, StringComparison.Ordinal);
        using var place = isTransfer ? null : await pace.Enter(caller.Sandbox, context.RequestAborted);
        if (place is null && !isTransfer) await Busy(context, $"The Bots gateway has {GitPace.MostOpen} git calls of this sandbox under way already.");
        else await Find(context, caller, owner, repository, path);
    }

    private async Task Find(HttpContext context, GatewayCaller caller, string owner, string repository, string path)
    {
        var isLfs = path.StartsWith("info/lfs/", StringComparison.Ordinal);
        var route = isLfs ? GitRoute.Lfs : GitRoute.Find(context.Request.Method, path, context.Request.Query["service"].FirstOrDefault());
        if (route is null)
        {
            await Refuse(context, 404, "The gateway speaks git's smart HTTP protocol only.");
            return;
        }

        if (!RepositoryName.TryParse($"{owner}/{(repository.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? repository[..^4] : repository)}", out var named) || Allowed(caller, named, route) is not { } asked)
        {
            Refused(caller.Name, route.Service, Printable.Of($"{owner}/{repository}"), "not the session's repository");
            await Record(caller, route, Printable.Of($"{owner}/{repository}"), null, null, 403, "not the session's repository");
            await Refuse(context, 403, $"This session may use {caller.Repository} only{Others(caller)}. To let it fetch from another, whoever runs this service lists that under Repositories:{{n}}:Reads.");
            return;
        }

        if (isLfs) await lfs.Handle(context, caller, asked, asked.Equals(caller.Repository), path);
        else await Serve(context, caller, asked, route);
    }

    /// <returns>The repository as it is configured, however the caller spells it; null when it may not be used.</returns>
    private static RepositoryName? Allowed(GatewayCaller caller, RepositoryName named, GitRoute route) =>
        named.Equals(caller.Repository) ? caller.Repository
        : route.Service != GitRoute.Receive ? caller.Reads.FirstOrDefault(named.Equals)
        : null;

    private static string Others(GatewayCaller caller) => caller.Reads.Count == 0 ? "" : $", and fetch from {string.Join(", ", caller.Reads)}";

    private async Task Serve(HttpContext context, GatewayCaller caller, RepositoryName repository, GitRoute route)
    {
        GatewayStreams.Unlimit(context);
        using var place = route.IsPush ? await rooms.Pushes.Take(caller.Sandbox, 1, context.RequestAborted) : null;
        if (route.IsPush && place is null)
        {
            Refused(caller.Name, route.Service, caller.Repository.ToString(), "too many pushes are under way");
            await Busy(context, "A push of this session is still under way, or too many of others. Push again in a moment.");
            return;
        }

        PushBody? push = null;
        try
        {
            if (route.IsPush) push = await PushBody.Open(context.Request.Body, context.Request.Headers.ContentEncoding.FirstOrDefault(), context.RequestAborted);
        }
        catch (FormatException problem)
        {
            Refused(caller.Name, route.Service, caller.Repository.ToString(), problem.Message);
            await Record(caller, route, caller.Repository.ToString(), null, null, 400, problem.Message);
            await Refuse(context, 400, $"The gateway cannot check this push: {problem.Message}.");
            return;
        }

        PushBody? taken = null;
        try
        {
            if (push is not null && PushPolicy.Refusals(push.Request, caller.Branch) is { Count: > 0 } refusals) await RefusePush(context, caller, route, push, refusals);
            else if (push is null) await Pass(context, caller, repository, route, null);
            else if (await Checked(context, caller, route, push) is { } good) await Pass(context, caller, repository, route, taken = good);
        }
        finally
        {
            if (taken is not null && taken != push) await taken.Rest.DisposeAsync();
        }
    }

    /// <returns>Null when it was refused, and the refusal is written.</returns>
    private async Task<PushBody?> Checked(HttpContext context, GatewayCaller caller, GitRoute route, PushBody push)
    {
        string why;
        try
        {
            var (good, refusal) = await check.Check(push, caller, context.RequestAborted);
            if (good is not null) return good;
            why = refusal!;
        }
        catch (Exception problem) when (problem is ForgeException or FormatException)
        {
            why = $"this push cannot be checked: {problem.Message}";
        }

        await RefusePush(context, caller, route, push, [.. push.Request.Commands.Select(command => new PushRefusal(command.Ref, why))]);
        return null;
    }

    private async Task RefusePush(HttpContext context, GatewayCaller caller, GitRoute route, PushBody push, IReadOnlyList<PushRefusal> refusals)
    {
        var reasons = Printable.Of(string.Join("; ", refusals.Select(refusal => $"{refusal.Ref}: {refusal.Reason}")));
        Refused(caller.Name, route.Service, caller.Repository.ToString(), reasons);
        await Record(caller, route, caller.Repository.ToString(), push, null, 403, reasons);
        await RefusePush(context, push, refusals);
    }

    private async Task Pass(HttpContext context, GatewayCaller caller, RepositoryName repository, GitRoute route, PushBody? push)
    {
        using var span = caller.Session is { } session ? Spans.Begin("git", ActivityKind.Client, turns.Of(session)) : null;
        span?.SetTag(SpanTags.Kind, route.Service);
        var started = time.GetTimestamp();
        var (status, bytes) = (0, 0L);
        GitAccess? target = null;
        try
        {
            target = await forge.Access(repository, route.Service == GitRoute.Receive ? GitRight.Write : GitRight.Read, context.RequestAborted);
            using var outgoing = GitMessage.Build(context.Request, route, target, push);
            using var client = clients.CreateClient(GatewaySetup.Client);
            // A push is written down before a byte of it leaves, and again when its answer is known.
            if (push is not null) await Record(caller, route, repository.ToString(), push, target.Credential, null, null);
            using var response = await client.SendAsync(outgoing, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            status = (int)response.StatusCode;
            if (GitMessage.Problem(response, repository) is { } problem) await Refuse(context, 502, problem);
            else bytes = await GitMessage.Copy(response, context);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested)
        {
            CallerLeft(gone, caller.Name, route.Service);
            status = 499;
        }
        catch (ForgeException problem)
        {
            UpstreamFailed(problem, caller.Name, route.Service, repository);
            status = 502;
            await Refuse(context, 502, problem.Message);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
            UpstreamFailed(problem, caller.Name, route.Service, repository);
            status = 502;
            if (context.Response.HasStarted) context.Abort();
            else await Refuse(context, 502, target is null ? "The forge did not answer." : UpstreamProblem.Describe("The forge", target.Remote, problem));
        }

        await Record(caller, route, repository.ToString(), push, target?.Credential, status, null);
        span?.SetTag("http.response.status_code", status);
        Left(caller.Name, route.Service, route.Method, repository, status, bytes, (long)time.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>The question which refs there are goes before every fetch and push; it is these that count.</summary>
    private async Task Record(GatewayCaller caller, GitRoute route, string repository, PushBody? push, string? credential, int? status, string? refused)
    {
        if (route.Method != "POST" && refused is null) return;
        var refs = push?.Request.Commands.Select(command => $"{Printable.Of(command.Ref)} {command.OldId} {command.NewId}") ?? [];
        await audit.Append(AuditEntry.Git(time.GetUtcNow(), caller, route.Service, repository, credential, refs, status, refused), CancellationToken.None);
    }

    private async Task RefusePush(HttpContext context, PushBody push, IReadOnlyList<PushRefusal> refusals)
    {
        await spool.Drain(push, context.RequestAborted);
        if (PushReport.Write(push.Request, refusals) is not { } report)
        {
            await Refuse(context, 403, refusals[0].Reason);
            return;
        }

        context.Response.ContentType = "application/x-git-receive-pack-result";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.ContentLength = report.Length;
        await context.Response.Body.WriteAsync(report, context.RequestAborted);
    }

    private static Task Busy(HttpContext context, string text)
    {
        context.Response.Headers.RetryAfter = "10";
        return Refuse(context, 429, text);
    }

    /// <summary>Plain text: git shows it to its user.</summary>
    private static Task Refuse(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Information, "Git call of {Caller}: {Service} {Method} {Repository} → {Status}, {BytesIn} bytes in, {Milliseconds} ms")]
    private partial void Left(string caller, string service, string method, RepositoryName repository, int status, long bytesIn, long milliseconds);

    [LoggerMessage(LogLevel.Warning, "Git call of {Caller} refused: {Service} {Repository}: {Reason}")]
    private partial void Refused(string caller, string service, string repository, string reason);

    [LoggerMessage(LogLevel.Debug, "The agent of {Caller} left a {Service} before its end")]
    private partial void CallerLeft(Exception problem, string caller, string service);

    [LoggerMessage(LogLevel.Warning, "A {Service} of {Caller} to {Repository} failed on the way")]
    private partial void UpstreamFailed(Exception problem, string caller, string service, RepositoryName repository);
}
