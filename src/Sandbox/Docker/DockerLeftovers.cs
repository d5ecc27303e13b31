using Bots.Sandbox.Docker.Api;

namespace Bots.Sandbox.Docker;

/// <summary>What of an installation's containers and volumes is of no use to anybody. Pure.</summary>
internal static class DockerLeftovers
{
    /// <summary>A container that ended, or that was made and, long after, has not been started.</summary>
    /// <param name="starting">True while we are at it ourselves.</param>
    public static bool IsLeft(ContainerSummary container, bool starting, TimeSpan patience, DateTimeOffset now) => container.State switch
    {
        "exited" or "dead" => !starting,
        "created" => !starting && now - DateTimeOffset.FromUnixTimeSeconds(container.Created) > patience,
        _ => false,
    };

    /// <summary>A volume whose container is gone.</summary>
    public static bool IsLeft(SandboxId volume, IEnumerable<ContainerSummary> containers, bool starting) =>
        !starting && containers.All(c => DockerContainer.Sandbox(c.Labels)?.Id != volume);
}
