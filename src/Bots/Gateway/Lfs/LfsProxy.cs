using System.Text.Json.Nodes;
using Bots.Engine;
using Bots.Engine.Audit;
using Bots.Engine.Forges;
using Bots.Engine.Gateway;

namespace Bots.Gateway.Lfs;

/// <summary>
/// Git LFS: the batch call goes to the forge, and each transfer it offers goes through the gateway too, so that neither the forge's storage
/// nor the credentials for it are known in the sandbox. Locks are not offered.
/// </summary>
internal sealed partial class LfsProxy(IForge forge, LfsTickets tickets, IHttpClientFactory clients, IAuditTrail audit, TimeProvider time, ILogger<LfsProxy> log)
{
    public const string BatchPath = "info/lfs/objects/batch";
    public const string TransferPath = "info/lfs/transfer/";

    private const string MediaType = "application/vnd.git-lfs+json";
    private const int MostBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan TicketTime = TimeSpan.FromHours(1);
    private static readonly string[] Sent = ["Accept", "Content-Type", "Content-Length", "Range", "User-Agent"];

    /// <param name="own">True for the session's repository, which may be written to.</param>
    public async Task Handle(HttpContext context, GatewayCaller caller, RepositoryName repository, bool own, string path)
    {
        try
        {
            if (path == BatchPath && context.Request.Method == "POST") await Batch(context, caller, repository, own);
            else if (path.StartsWith(TransferPath, StringComparison.Ordinal)) await Transfer(context, caller, repository, path[TransferPath.Length..]);
            else await Say(context, 404, "The gateway passes on Git LFS's batch calls and transfers only.");
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested)
        {
            CallerLeft(gone, caller.Session);
        }
        catch (Exception problem) when (problem is ForgeException or FormatException or HttpRequestException or IOException or OperationCanceledException)
        {
            Failed(problem, caller.Session, repository);
            if (context.Response.HasStarted) context.Abort();
            else await Say(context, 502, problem is ForgeException or FormatException ? $"Git LFS: {problem.Message}." : "The forge's storage for large files did not answer.");
        }
    }

    private async Task Batch(HttpContext context, GatewayCaller caller, RepositoryName repository, bool own)
    {
        LfsBatch batch;
        try
        {
            batch = LfsBatch.Read(await Body(context.Request.Body, context.RequestAborted));
        }
        catch (FormatException problem)
        {
            await Say(context, 400, $"Git LFS: {problem.Message}.");
            return;
        }

        if (batch.Uploads && (!own || caller.Branch is null))
        {
            await audit.Append(AuditEntry.Git(time.GetUtcNow(), caller, "git-receive-pack", repository.ToString(), null, batch.Objects, 403, "not the session's repository"), CancellationToken.None);
            await Say(context, 403, $"This session may store large files in {caller.Repository} only.");
            return;
        }

        var target = await forge.Access(repository, batch.Uploads ? GitRight.Write : GitRight.Read, context.RequestAborted);
        using var outgoing = new HttpRequestMessage(HttpMethod.Post, $"{target.Remote.AbsoluteUri.TrimEnd('/')}/{BatchPath}") { Content = new ByteArrayContent(batch.Body) };
        outgoing.Content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
        outgoing.Headers.TryAddWithoutValidation("Accept", MediaType);
        if (target.Authorization is { } authorization) outgoing.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var client = clients.CreateClient(GatewaySetup.Client);
        using var response = await client.SendAsync(outgoing, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        var status = (int)response.StatusCode;
        await audit.Append(AuditEntry.Git(time.GetUtcNow(), caller, batch.Uploads ? "git-receive-pack" : "git-upload-pack", repository.ToString(), target.Credential, batch.Objects, status, null), CancellationToken.None);
        if (status != 200)
        {
            await Say(context, status is 404 or 422 or 429 or 507 ? status : 502, $"The forge answered {status} to a Git LFS call. It may not be switched on for {repository}.");
            return;
        }

        var answer = await Body(await response.Content.ReadAsStreamAsync(context.RequestAborted), context.RequestAborted);
        var here = $"{context.Request.Scheme}://{context.Request.Host}/git/{repository}.git/{TransferPath}";
        var rewritten = LfsBatch.Rewrite(answer, target.Remote.Scheme == Uri.UriSchemeHttps, time.GetUtcNow() + TicketTime, transfer => here + tickets.Seal(Authorized(transfer, target), caller.Sandbox));
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = rewritten.Length;
        await context.Response.Body.WriteAsync(rewritten, context.RequestAborted);
    }

    /// <summary>An address of the forge itself gets the credential of the call, as git-lfs would send it; no other host ever does.</summary>
    private static LfsTransfer Authorized(LfsTransfer transfer, GitAccess target) =>
        target.Authorization is { } authorization && Origin(transfer.Address) == Origin(target.Remote) && !transfer.Headers.Keys.Contains("Authorization", StringComparer.OrdinalIgnoreCase)
            ? transfer with { Headers = new Dictionary<string, string>(transfer.Headers) { ["Authorization"] = authorization } }
            : transfer;

    private async Task Transfer(HttpContext context, GatewayCaller caller, RepositoryName repository, string ticket)
    {
        if (tickets.Open(ticket, caller.Sandbox) is not { } transfer)
        {
            await Say(context, 410, "This transfer is over. Ask for it again with a new batch call.");
            return;
        }

        if (context.Request.Method != transfer.Action switch { "download" => "GET", "upload" => "PUT", _ => "POST" })
        {
            await Say(context, 405, "This is not how this transfer is made.");
            return;
        }

        GatewayStreams.Unlimit(context);
        using var outgoing = new HttpRequestMessage(new HttpMethod(context.Request.Method), transfer.Address);
        if (transfer.Action != "download") outgoing.Content = new StreamContent(context.Request.Body);
        foreach (var name in Sent)
            if (context.Request.Headers[name] is { Count: > 0 } values && !outgoing.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                outgoing.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        foreach (var (name, value) in transfer.Headers)
        {
            outgoing.Headers.Remove(name);
            if (!outgoing.Headers.TryAddWithoutValidation(name, value) && outgoing.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var client = clients.CreateClient(GatewaySetup.Client);
        using var response = await client.SendAsync(outgoing, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (response.IsSuccessStatusCode) await GitMessage.Copy(response, context);
        // What storage says of a refusal repeats the credentials it was sent.
        else await Say(context, (int)response.StatusCode is >= 400 and var status and not (401 or 407) ? status : 502, $"The forge's storage for large files answered {(int)response.StatusCode}.");
        Passed(caller.Session, transfer.Action, repository, (int)response.StatusCode);
    }

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);

    /// <exception cref="FormatException">It is too long.</exception>
    private static async Task<byte[]> Body(Stream stream, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            if (body.Length + count > MostBytes) throw new FormatException("the call is too long");
            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }

    /// <summary>In git-lfs's own shape: it shows the message.</summary>
    private static Task Say(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaType;
        return context.Response.WriteAsync(new JsonObject { ["message"] = message }.ToJsonString(), context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Information, "Git LFS {Action} of {Session} in {Repository} → {Status}")]
    private partial void Passed(SessionId? session, string action, RepositoryName repository, int status);

    [LoggerMessage(LogLevel.Debug, "The agent of {Session} left a Git LFS call before its end")]
    private partial void CallerLeft(Exception problem, SessionId? session);

    [LoggerMessage(LogLevel.Warning, "A Git LFS call of {Session} to {Repository} failed on the way")]
    private partial void Failed(Exception problem, SessionId? session, RepositoryName repository);
}
