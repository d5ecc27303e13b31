using System.Net;
using System.Net.NetworkInformation;

namespace Bots.Gateway;

/// <summary>Knows the machine's own addresses. The seam where tests stand in for its network.</summary>
internal interface IMachineAddresses
{
    bool Has(IPAddress address);
}

/// <summary>Asks the system each time: addresses come and go with containers and leases, and connections are paced anyway.</summary>
internal sealed class MachineAddresses : IMachineAddresses
{
    public bool Has(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().Any(nic => nic.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(address)));
}
