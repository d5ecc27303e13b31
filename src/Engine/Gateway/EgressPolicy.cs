using Bots.Engine.Permissions;

namespace Bots.Engine.Gateway;

/// <summary>Whether a target may be reached before a person is asked. Pure.</summary>
public static class EgressPolicy
{
    /// <summary>What the organisation denies is denied, then what it or the repository names is allowed; the rest is asked.</summary>
    /// <param name="repository">The repository's own list, from its settings. What cannot be read in it allows nothing.</param>
    public static PolicyAnswer Decide(EgressTarget target, NetworkOptions options, IReadOnlyList<string> repository)
    {
        if (IsHere(target)) return new(PolicyVerdict.Deny, "this machine is not reached from a sandbox");
        if (Find(target, options.Deny, denies: true) is { } denied) return new(PolicyVerdict.Deny, $"Network:Deny has {denied}");
        if (Find(target, options.Allow, denies: false) is { } allowed) return new(PolicyVerdict.Allow, $"Network:Allow has {allowed}");
        if (Find(target, repository, denies: false) is { } own) return new(PolicyVerdict.Allow, $"the repository's network list has {own}");
        return new(PolicyVerdict.Ask, "not on the allow-list");
    }

    /// <summary>Why an entry of a list cannot be read, as a sentence people read; null when it can.</summary>
    public static string? Problem(string entry) =>
        EgressPresets.Find(entry) is not null || EgressPattern.TryParse(entry, out _, out var problem) ? null
        : $"{problem} Presets: {string.Join(", ", EgressPresets.Names.Order(StringComparer.Ordinal))}.";

    private static bool IsHere(EgressTarget target) => target.Host is "localhost" || target.Host.EndsWith(".localhost", StringComparison.Ordinal);

    private static string? Find(EgressTarget target, IReadOnlyList<string> entries, bool denies) => entries.FirstOrDefault(entry =>
        (EgressPresets.Find(entry) ?? (EgressPattern.TryParse(entry, out var pattern, out _) ? [pattern] : []))
            .Any(p => p.Covers(target) || (denies && p.IsWeb && p.CoversHost(target))));
}
