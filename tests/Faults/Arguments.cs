using System.Globalization;
using Bots.Faults.World;

namespace Bots.Faults;

/// <summary>What a run is to be.</summary>
public sealed record Arguments
{
    public TimeSpan Length { get; init; } = TimeSpan.FromMinutes(1);

    public int Seed { get; init; } = 1;

    /// <summary>As in the setting <c>Sandbox:Provider</c>.</summary>
    public string Sandbox { get; init; } = RunSandboxes.Default;

    /// <exception cref="CannotRunException">One of them is not understood.</exception>
    public static Arguments Parse(IEnumerable<string> words)
    {
        var arguments = new Arguments();
        foreach (var pair in words.Chunk(2))
        {
            arguments = pair switch
            {
                ["--minutes", var value] when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 => arguments with { Length = TimeSpan.FromMinutes(minutes) },
                ["--seed", var value] when int.TryParse(value, CultureInfo.InvariantCulture, out var seed) => arguments with { Seed = seed },
                ["--sandbox", var value] when RunSandboxes.Names.Contains(value) => arguments with { Sandbox = value },
                _ => throw new CannotRunException($"'{string.Join(' ', pair)}' is not understood. Write: --minutes 10 --seed 42 --sandbox {string.Join('|', RunSandboxes.Names)}"),
            };
        }

        return arguments;
    }
}
