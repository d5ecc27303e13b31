using System.Net.Sockets;
using Bots.Engine;
using Bots.Engine.Audit;
using Bots.Engine.Gateway;

namespace Bots.Gateway;

/// <summary>The way to other hosts: <c>CONNECT</c> and absolute <c>http://</c> addresses, for those that a rule or a person allows. Every attempt is written down.</summary>
internal sealed partial class EgressProxy(
    IGatewayAccess access, IEgressGate gate, EgressDialer dialer, EgressPace pace, IAuditTrail audit, TimeProvider time, ILogger<EgressProxy> log)
{
    private static readonly TimeSpan HeadTime = TimeSpan.FromSeconds(10);

    /// <summary>Serves the one request of a connection. The caller closes the socket.</summary>
    public async Task Handle(Socket caller, CancellationToken stopping)
    {
        try
        {
            await Serve(caller, stopping);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException || (e is OperationCanceledException && stopping.IsCancellationRequested))
        {
            CallerLeft(e);
        }
    }

    private async Task Serve(Socket caller, CancellationToken stopping)
    {
        EgressHead? head;
        EgressRequest request;
        string? token;
        try
        {
            head = await ReadHead(caller, stopping);
            if (head is null) return;
            request = EgressRequest.Parse(head.Bytes.Span);
            token = SessionToken.Read(request.Header("Proxy-Authorization"));
        }
        catch (FormatException problem)
        {
            Malformed(problem.Message);
            await End(caller, 400, $"The Bots gateway does not understand this request: {problem.Message}.", stopping);
            return;
        }

        if (token is null || await access.Authenticate(token, stopping) is not { } who)
        {
            await End(caller, 407, "The Bots gateway knows no live session with this token. Use the proxy's address as it stands in HTTPS_PROXY.", stopping);
            return;
        }

        using var place = await pace.Enter(who.Sandbox, stopping);
        if (place is null)
        {
            await End(caller, 503, $"The Bots gateway holds {EgressPace.MostOpen} connections of this sandbox already.", stopping);
            return;
        }

        await Admit(caller, new Attempt(who, head, request, Guid.CreateVersion7().ToString("N"), time.GetTimestamp()), stopping);
    }

    private async Task Admit(Socket caller, Attempt attempt, CancellationToken stopping)
    {
        Socket remote;
        string why;
        try
        {
            dialer.Check(attempt.Request.Target);
            var answer = await Ask(caller, attempt, stopping);
            if (!answer.Allowed) throw new EgressException(EgressStage.Refused, answer.Why);
            why = answer.Why;
            remote = await dialer.Connect(attempt.Request.Target, stopping);
        }
        catch (EgressException problem)
        {
            await Refuse(caller, attempt, problem, stopping);
            return;
        }
        catch (CallerGoneException)
        {
            await Record(attempt, EgressStage.Refused, "the caller left before anybody had decided", null);
            return;
        }

        using (remote) await Carry(caller, remote, attempt, why, stopping);
    }

    private async Task Carry(Socket caller, Socket remote, Attempt attempt, string why, CancellationToken stopping)
    {
        var address = (remote.RemoteEndPoint as System.Net.IPEndPoint)?.Address.ToString();
        // Not a byte leaves of what is not written down.
        await Record(attempt, EgressStage.Opened, why, address);
        var tunnel = new EgressTunnel(caller, remote, time);
        string? ending = null;
        try
        {
            var (request, rest) = (attempt.Request, attempt.Head.Rest);
            if (request.Path is null) await caller.SendAsync(EgressReply.Established, stopping);
            ending = request.Path is null
                ? await tunnel.Both(rest, stopping)
                : await tunnel.Once(request.Rewrite(), new EgressBody(request.BodyLength), rest, stopping);
        }
        finally
        {
            await Record(attempt, EgressStage.Closed, ending ?? "ended", address, tunnel);
        }
    }

    /// <summary>While people are asked, a caller that gives up frees its place.</summary>
    private async Task<EgressAnswer> Ask(Socket caller, Attempt attempt, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var asking = gate.Admit(attempt.Who, attempt.Request.Target, over.Token);
        if (!asking.IsCompleted && attempt.Request.Path is null && attempt.Head.Rest.IsEmpty)
        {
            var leaving = caller.ReceiveAsync(new byte[1].AsMemory(), SocketFlags.Peek, over.Token).AsTask();
            if (await Task.WhenAny(asking, leaving) == leaving && !asking.IsCompleted && await Left(leaving))
            {
                await over.CancelAsync();
                await ((Task)asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new CallerGoneException();
            }

            var answer = await asking;
            await over.CancelAsync();
            await ((Task)leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return answer;
        }

        return await asking;
    }

    private static async Task<bool> Left(Task<int> leaving)
    {
        try
        {
            return await leaving == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private async Task Refuse(Socket caller, Attempt attempt, EgressException problem, CancellationToken stopping)
    {
        await Record(attempt, problem.Stage, problem.Message, problem.Address?.ToString());
        var target = attempt.Request.Target;
        if (problem.Stage == EgressStage.Failed) await End(caller, 502, $"The Bots gateway could not reach {target}: {problem.Message}.", stopping);
        else await End(caller, 403, $"The Bots gateway refused {target}: {problem.Message}. Whoever owns the repository can allow hosts under 'network' in .bots.yml, whoever runs the service under Network:Allow.", stopping);
    }

    private async Task Record(Attempt attempt, EgressStage stage, string why, string? address, EgressTunnel? tunnel = null)
    {
        var milliseconds = (long)time.GetElapsedTime(attempt.Started).TotalMilliseconds;
        var (target, session) = (attempt.Request.Target, attempt.Who.Session);
        var entry = new EgressAttempt(attempt.Id, target, stage, why)
        {
            Address = address, BytesOut = tunnel?.BytesOut ?? 0, BytesIn = tunnel?.BytesIn ?? 0, Milliseconds = milliseconds,
        };
        Left(session, attempt.Request.Method, target, stage, Printable.Of(why), entry.BytesOut, entry.BytesIn, milliseconds);
        await audit.Append(AuditEntry.Egress(time.GetUtcNow(), attempt.Who, entry), CancellationToken.None);
    }

    private async Task<EgressHead?> ReadHead(Socket caller, CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(HeadTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, late.Token);
        try
        {
            return await EgressHead.Read(caller, either.Token);
        }
        catch (OperationCanceledException e) when (!stopping.IsCancellationRequested)
        {
            throw new FormatException($"its head did not come within {HeadTime.TotalSeconds:0} seconds", e);
        }
    }

    private Task End(Socket caller, int status, string text, CancellationToken stopping) => EgressReply.End(caller, status, text, time, stopping);

    private sealed record Attempt(GatewayCaller Who, EgressHead Head, EgressRequest Request, string Id, long Started);

    private sealed class CallerGoneException : Exception;

    [LoggerMessage(LogLevel.Information, "Egress of {Session}: {Method} {Target} {Stage} ({Why}), {BytesOut} bytes out, {BytesIn} in, {Milliseconds} ms")]
    private partial void Left(SessionId? session, string method, EgressTarget target, EgressStage stage, string why, long bytesOut, long bytesIn, long milliseconds);

    [LoggerMessage(LogLevel.Warning, "A request for another host was refused: {Problem}")]
    private partial void Malformed(string problem);

    [LoggerMessage(LogLevel.Debug, "A sandbox left a connection to another host before its end")]
    private partial void CallerLeft(Exception problem);
}
