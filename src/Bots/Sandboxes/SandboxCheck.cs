using Bots.Configuration;
using Bots.Engine.Repositories;
using Bots.Engine.Sandboxes;
using Bots.Sandbox;

namespace Bots.Sandboxes;

/// <summary>Whether the chosen provider works on this machine.</summary>
internal sealed partial class SandboxCheck(SandboxOptions options, ISandboxProvider provider, ILogger<SandboxCheck> logger) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check()
    {
        foreach (var problem in Ranges(options)) yield return problem;

        foreach (var image in options.Images.Where(image => options.Provider == "docker" && !AllowedImages.IsPattern(image)))
            yield return new("Sandbox:Docker:Images", $"'{image}' is no pattern of an image", "Write one like node:22, ghcr.io/acme/*, or * for every image the engine has.");

        if (options.Provider != provider.Name)
        {
            yield return new("Sandbox:Provider", $"there is no provider '{options.Provider}'", "Set it to bubblewrap or docker.");
            yield break;
        }

        // At start, before anything runs that this could hold up.
        foreach (var problem in provider.Check(CancellationToken.None).GetAwaiter().GetResult())
        {
            if (!problem.Fatal) NotKept(logger, problem.What, problem.Mend);
            else yield return new("Sandbox:Provider", $"{options.Provider}: {problem.What}", problem.Mend);
        }
    }

    private static IEnumerable<ConfigurationProblem> Ranges(SandboxOptions options) =>
        new (string Key, TimeSpan Value, TimeSpan Least, TimeSpan Most)[]
        {
            ("IdleTimeout", options.IdleTimeout, TimeSpan.FromSeconds(10), TimeSpan.FromHours(24)),
            ("SnapshotsKept", options.SnapshotsKept, TimeSpan.FromHours(1), TimeSpan.FromDays(365)),
            ("Pool:MaximumAge", options.Pool.MaximumAge, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24)),
            ("PrepareEvery", options.PrepareEvery, options.PrepareEvery == TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
        }
        .Where(o => o.Value < o.Least || o.Value > o.Most)
            .Select(o => new ConfigurationProblem($"Sandbox:{o.Key}", $"{o.Value} is out of range", $"Choose between {o.Least} and {o.Most}."));

    [LoggerMessage(LogLevel.Warning, "{What} {Mend}")]
    private static partial void NotKept(ILogger logger, string what, string mend);
}
