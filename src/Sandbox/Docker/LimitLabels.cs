using System.Globalization;

namespace Bots.Sandbox.Docker;

/// <summary>A container's limits and the folders that are measured, kept in its labels for a service that comes after us.</summary>
/// <param name="Free">Bytes in the folders that do not count.</param>
internal sealed record LimitLabels(ResourceLimits Limits, string Workspace, string Home, long Free)
{
    const string Memory = "bots.docker.memory";
    const string Processes = "bots.docker.processes";
    const string Disk = "bots.docker.disk";
    const string WorkspaceFolder = "bots.docker.workspace";
    const string HomeFolder = "bots.docker.home";
    const string FreeBytes = "bots.docker.free";

    public IReadOnlyDictionary<string, string> Write() => new Dictionary<string, string>
    {
        [Memory] = Number(Limits.Memory),
        [Processes] = Number(Limits.Processes),
        [Disk] = Number(Limits.Disk),
        [WorkspaceFolder] = Workspace,
        [HomeFolder] = Home,
        [FreeBytes] = Number(Free),
    };

    /// <returns>Null when they are not all there.</returns>
    public static LimitLabels? Read(IReadOnlyDictionary<string, string>? labels)
    {
        if (labels is null || !labels.TryGetValue(WorkspaceFolder, out var workspace) || !labels.TryGetValue(HomeFolder, out var home)) return null;
        if (Find(labels, Memory) is not { } memory || Find(labels, Processes) is not { } processes || Find(labels, Disk) is not { } disk || Find(labels, FreeBytes) is not { } free) return null;

        return new LimitLabels(new ResourceLimits { Memory = memory, Processes = (int)processes, Disk = disk }, workspace, home, free);
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    static long? Find(IReadOnlyDictionary<string, string> labels, string name) =>
        labels.TryGetValue(name, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}
