using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace Bots.Engine.Gateway;

/// <summary>Names for the hosts of well-known package registries (<c>egress-presets.json</c>).</summary>
public static class EgressPresets
{
    private static readonly Lazy<FrozenDictionary<string, IReadOnlyList<EgressPattern>>> All = new(Read);

    public static IReadOnlyCollection<string> Names => All.Value.Keys;

    /// <summary>The hosts of a preset; null when there is none of that name.</summary>
    public static IReadOnlyList<EgressPattern>? Find(string name) => All.Value.GetValueOrDefault(name.Trim());

    private static FrozenDictionary<string, IReadOnlyList<EgressPattern>> Read()
    {
        using var json = Assembly.GetExecutingAssembly().GetManifestResourceStream("egress-presets.json")
            ?? throw new InvalidOperationException("The presets of hosts are missing from the assembly.");
        return JsonSerializer.Deserialize<Dictionary<string, string[]>>(json)!
            .ToFrozenDictionary(preset => preset.Key, preset => (IReadOnlyList<EgressPattern>)[.. preset.Value.Select(Parse)], StringComparer.OrdinalIgnoreCase);
    }

    private static EgressPattern Parse(string text) =>
        EgressPattern.TryParse(text, out var pattern, out var problem) ? pattern : throw new InvalidOperationException($"{text}: {problem}");
}
