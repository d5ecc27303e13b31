using Bots.Configuration;
using Bots.Engine.Sandboxes;

namespace Bots.Sandboxes;

internal sealed class SandboxCheck(SandboxOptions options) : IConfigurationCheck
{
    public IEnumerable<ConfigurationProblem> Check()
    {
        if (options.Provider != "bubblewrap") yield return new("Sandbox:Provider", $"there is no provider '{options.Provider}'", "Set it to bubblewrap.");
    }
}
