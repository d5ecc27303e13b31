using Bots.Simulators.Models;

namespace Bots.Playground.Scripts;

/// <summary>What the scripted model can do, in the order in which it is tried.</summary>
internal static class PlaygroundScripts
{
    public static IReadOnlyList<ModelScript> All =>
    [
        OtherScripts.Denied,
        Simulators.Models.Scripts.Slow(),
        .. OtherScripts.AddTest,
        .. OtherScripts.Typo,
        .. FixScripts.All,
        OtherScripts.Explain,
        OtherScripts.Help,
    ];
}
