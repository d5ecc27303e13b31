using System.Security.Cryptography;
using System.Text;
using Bots.Sandbox.Linux.Cgroups;
using Microsoft.Extensions.Logging;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>The cgroups of an instance's sandboxes. Their names tell whose they are, also when nobody remembers them.</summary>
internal sealed partial class SandboxGroups(string stateDirectory, ILogger logger)
{
    readonly string _prefix = $"bots-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(stateDirectory))))[..8]}-";
    readonly Lazy<CgroupSupport> _support = new(CgroupSupport.Find);

    public CgroupSupport Support => _support.Value;

    /// <summary>The folders a sandbox's groups have, or will have.</summary>
    public IReadOnlyList<string> Of(SandboxId sandbox) => [.. Support.Places.Select(p => Path.Combine(p.Folder, _prefix + sandbox))];

    /// <summary>Makes them. A sandbox goes without one that cannot be made after all; the log says so.</summary>
    /// <returns>Those that were made.</returns>
    public IReadOnlyList<string> Create(SandboxId sandbox, ResourceLimits limits)
    {
        List<string> made = [];
        foreach (var place in Support.Places)
        {
            try
            {
                made.Add(place.Create(_prefix + sandbox, limits));
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                LogRefused(logger, sandbox, string.Join(", ", place.Controllers), refused);
            }
        }

        return made;
    }

    /// <summary>All there are of this instance, by sandbox.</summary>
    public ILookup<SandboxId, string> All() => Support.Places.SelectMany(p => Directory.EnumerateDirectories(p.Folder, _prefix + "*"))
        .ToLookup(folder => new SandboxId(Path.GetFileName(folder)[_prefix.Length..]));

    [LoggerMessage(LogLevel.Warning, "Sandbox {Sandbox} has no limit of {Controllers}: its cgroup could not be made")]
    private static partial void LogRefused(ILogger logger, SandboxId sandbox, string controllers, Exception refused);
}
