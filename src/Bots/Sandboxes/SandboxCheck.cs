using Bots.Configuration;
using Bots.Engine.Sandboxes;
using Bots.Sandbox;

namespace Bots.Sandboxes;

/// <summary>Whether the chosen provider works on this machine.</summary>
internal sealed partial class SandboxCheck(SandboxOptions options, ISandboxProvider provider, ILogger<SandboxCheck> logger) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check()
    {
        if (options.IdleTimeout < TimeSpan.FromSeconds(10) || options.IdleTimeout > TimeSpan.FromHours(24))
        {
            yield return new("Sandbox:IdleTimeout", $"{options.IdleTimeout} is out of range", "Choose between 00:00:10 and 1.00:00:00.");
        }

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

    [LoggerMessage(LogLevel.Warning, "{What} {Mend}")]
    private static partial void NotKept(ILogger logger, string what, string mend);
}
