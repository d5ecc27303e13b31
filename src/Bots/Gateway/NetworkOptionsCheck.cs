using System.Net;
using Bots.Configuration;
using Bots.Engine.Gateway;

namespace Bots.Gateway;

/// <summary>Whether the lists of hosts can be read.</summary>
internal sealed class NetworkOptionsCheck(NetworkOptions options) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check() =>
    [
        .. Hosts("Allow", options.Allow), .. Hosts("Deny", options.Deny),
        .. from entry in options.AllowPrivate.Select((text, index) => (text, index))
           where !IPNetwork.TryParse(entry.text.Trim(), out _)
           select new ConfigurationProblem($"Network:AllowPrivate:{entry.index}", $"'{entry.text}' is no network", "Write it like 10.1.0.0/16 or fd00:1::/32."),
    ];

    private static IEnumerable<ConfigurationProblem> Hosts(string list, IReadOnlyList<string> entries) =>
        from entry in entries.Select((text, index) => (text, index))
        let problem = EgressPolicy.Problem(entry.text)
        where problem is not null
        select new ConfigurationProblem($"Network:{list}:{entry.index}", $"'{entry.text}' is neither a host nor a preset", problem);
}
