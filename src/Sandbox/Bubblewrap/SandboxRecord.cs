using System.Text.Json;
using System.Text.Json.Serialization;
using Bots.Sandbox.Linux;

namespace Bots.Sandbox.Bubblewrap;

/// <summary>What is remembered of a sandbox, so that a restarted service can find and end it.</summary>
internal sealed record SandboxRecord
{
    public required SandboxId Id { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public ResourceLimits Limits { get; init; } = new();

    /// <summary>Its cgroups' folders; none where none can be made.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The host's folders whose bytes count against its disk.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Bytes in there that do not count.</summary>
    public long Free { get; init; }

    /// <summary>The workspace's folder, if it began as a tree.</summary>
    public string? TreeWorkspace { get; init; }

    public IReadOnlyList<ReachedLimit> Reached { get; init; } = [];

    /// <summary>bwrap itself. Null until it runs.</summary>
    public HostProcess? Outer { get; init; }

    /// <summary>The sandbox's first process: when it ends, all others in there do. Null until it runs.</summary>
    public HostProcess? Init { get; init; }

    /// <summary>Everything of it that runs on this machine; the first process first.</summary>
    public IReadOnlyList<HostProcess> Processes() =>
        Init is not null && Outer is not null
            ? [.. new[] { Init, Outer }.Where(p => p.Runs)]
            : [.. HostProcess.FindByLastArguments($"{SandboxLayout.Sidecar}/{SandboxLayout.SidecarProgram}", Id.Value).OrderByDescending(p => p.StartTime)];
}

/// <summary>One file for each sandbox.</summary>
internal sealed class SandboxRecords(string directory)
{
    readonly Lock _gate = new();

    /// <summary>Removes what a killed service had not finished writing.</summary>
    public void RemoveUnfinished()
    {
        lock (_gate) AtomicFile.RemoveUnfinished(directory, "*.json");
    }

    public void Write(SandboxRecord record)
    {
        lock (_gate) AtomicFile.Write(PathOf(record.Id), JsonSerializer.SerializeToUtf8Bytes(record, RecordJson.Default.SandboxRecord));
    }

    /// <summary>Changes a record, unless it was removed meanwhile.</summary>
    public void Update(SandboxId sandbox, Func<SandboxRecord, SandboxRecord> change)
    {
        lock (_gate)
        {
            if (Find(sandbox) is { } record) Write(change(record));
        }
    }

    public SandboxRecord? Find(SandboxId sandbox) => Read(PathOf(sandbox));

    public IReadOnlyList<SandboxRecord> All() =>
        Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory, "*.json").Select(Read).OfType<SandboxRecord>()] : [];

    public void Remove(SandboxId sandbox)
    {
        lock (_gate) File.Delete(PathOf(sandbox));
    }

    string PathOf(SandboxId sandbox) => Path.Combine(directory, $"{sandbox}.json");

    static SandboxRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), RecordJson.Default.SandboxRecord);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SandboxRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
