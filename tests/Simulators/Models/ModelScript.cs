using System.Text.RegularExpressions;

namespace Bots.Simulators.Models;

/// <summary>What the model says to a prompt, answer by answer.</summary>
public sealed record ModelScript
{
    /// <summary>Shown in exchanges and problems.</summary>
    public required string Name { get; init; }

    public required Func<ModelRequest, bool> Matches { get; init; }

    public required IReadOnlyList<ModelStep> Steps { get; init; }

    /// <summary>Said once the steps are used up.</summary>
    public string Ending { get; init; } = "Done.";

    /// <param name="trigger">A regular expression, case ignored, looked for in the prompt.</param>
    public static ModelScript On(string trigger, params IReadOnlyList<ModelStep> steps) => new()
    {
        Name = trigger,
        Matches = request => Regex.IsMatch(request.Prompt, trigger, RegexOptions.IgnoreCase),
        Steps = steps,
    };
}
