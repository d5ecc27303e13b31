using System.Net;
using System.Net.Sockets;
using Bots.Engine.Gateway;

namespace Bots.Gateway;

/// <summary>Resolves names. The seam where tests stand in for DNS.</summary>
internal interface IHostNames
{
    /// <exception cref="SocketException">There is no such name, or nobody to ask.</exception>
    Task<IReadOnlyList<IPAddress>> Resolve(string host, CancellationToken cancellation);
}

internal sealed class SystemHostNames : IHostNames
{
    public async Task<IReadOnlyList<IPAddress>> Resolve(string host, CancellationToken cancellation) => await Dns.GetHostAddressesAsync(host, cancellation);
}

/// <summary>Connects to a target: its name is resolved once, and connected to is an address that was checked, nothing else.</summary>
internal sealed class EgressDialer(IHostNames names, EgressAddresses addresses, IMachineAddresses machine, TimeProvider time)
{
    private const int MostAddresses = 8;

    /// <summary>For each address, and for the name.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="EgressException">It may not be reached, or cannot be.</exception>
    public async Task<Socket> Connect(EgressTarget target, CancellationToken cancellation)
    {
        var found = await Addresses(target, cancellation);
        var allowed = found.Where(address => Refusal(address) is null).Take(MostAddresses).ToList();
        if (allowed.Count == 0) throw Refused(target, found[0]);
        SocketException? last = null;
        foreach (var address in allowed)
        {
            try
            {
                return await Connect(new IPEndPoint(address, target.Port), cancellation);
            }
            catch (SocketException e)
            {
                last = e;
            }
        }

        throw new EgressException(EgressStage.Failed, $"{target.Host} {Cause(last!)}") { Address = allowed[^1] };
    }

    /// <summary>Refuses a literal address that nobody could allow; nobody has to be asked about it.</summary>
    /// <exception cref="EgressException"/>
    public void Check(EgressTarget target)
    {
        if (target.Address is { } literal && Refusal(literal) is not null) throw Refused(target, literal);
    }

    /// <summary>What listens on the machine's own address often trusts whoever comes from there, public as the address may be.</summary>
    private string? Refusal(IPAddress address) =>
        addresses.Refusal(address) ?? (machine.Has(address) && !addresses.Allows(address) ? "the machine's own" : null);

    private EgressException Refused(EgressTarget target, IPAddress address) => new(EgressStage.Refused,
        $"{(target.Address is null ? $"{target.Host} is at {address}, and that address" : "that address")} is not the public internet's ({Refusal(address)})") { Address = address };

    private async Task<IReadOnlyList<IPAddress>> Addresses(EgressTarget target, CancellationToken cancellation)
    {
        if (target.Address is { } literal) return [literal];
        try
        {
            var found = await InTime(ct => names.Resolve(target.Host, ct), cancellation);
            if (found.Count > 0) return found;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
        {
            throw new EgressException(EgressStage.Failed, $"the name {target.Host} was not resolved within {Patience.TotalSeconds:0} seconds");
        }
        catch (SocketException)
        {
            // As if there were no address: the next line says so.
        }

        throw new EgressException(EgressStage.Failed, $"the name {target.Host} cannot be resolved");
    }

    private async Task<Socket> Connect(IPEndPoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            return await InTime(async ct =>
            {
                await socket.ConnectAsync(endpoint, ct);
                return socket;
            }, cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<T> InTime<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    private static string Cause(SocketException problem) => problem.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "refused the connection",
        SocketError.TimedOut => $"did not take the connection within {Patience.TotalSeconds:0} seconds",
        _ => "cannot be reached",
    };
}

/// <summary>A host is not reached. The message is the end of a sentence people read.</summary>
internal sealed class EgressException(EgressStage stage, string message) : Exception(message)
{
    public EgressStage Stage { get; } = stage;

    public IPAddress? Address { get; init; }
}
