namespace Bots.Simulators.Models;

/// <summary>Tokens a step says it used. Each protocol reports them in its own way.</summary>
/// <param name="Input">Input that was not read from the cache.</param>
/// <param name="Output">Everything that was generated, reasoning included.</param>
/// <param name="Cached">Input read from the cache.</param>
/// <param name="Reasoning">The part of <paramref name="Output"/> that was reasoning.</param>
public sealed record ModelUsage(int Input, int Output, int Cached = 0, int Reasoning = 0)
{
    /// <summary>A plain estimate for steps that name no numbers: four characters make a token.</summary>
    internal static ModelUsage Estimate(ModelRequest request, string output) =>
        new(Tokens(request.Body.GetRawText().Length), Tokens(output.Length));

    private static int Tokens(int characters) => Math.Max(1, characters / 4);
}
