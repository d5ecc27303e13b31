using Bots.Sandbox.Docker.Api;

namespace Bots.Sandbox.Docker;

/// <summary>The engine's errors as ours, with its own words.</summary>
internal static class DockerFailures
{
    static readonly string[] NoSpace = ["no space left on device", "disk quota exceeded"];

    /// <param name="otherwise">What an error of the engine's means at this point.</param>
    public static SandboxException Translate(EngineException failure, string socket, SandboxFailure otherwise) => failure.Failure switch
    {
        EngineFailure.NotThere => new(SandboxFailure.Unavailable, $"No Docker engine answers at {socket}: {failure.Message}.", failure),
        EngineFailure.NoPermission => new(SandboxFailure.Unavailable, $"The service's user may not use the Docker engine's socket {socket}.", failure),
        _ when NoSpace.Any(words => failure.Message.Contains(words, StringComparison.OrdinalIgnoreCase)) =>
            new(SandboxFailure.DiskFull, $"No space is left on the disk: {failure.Message}", failure),
        EngineFailure.Broken => new(otherwise, $"The Docker engine at {socket} failed: {failure.Message}.", failure),
        _ when otherwise == SandboxFailure.DidNotStart => new(otherwise, $"The sandbox did not start: {failure.Message}", failure),
        _ => new(otherwise, $"The Docker engine at {socket} says: {failure.Message}", failure),
    };

    public static SandboxException ImageMissing(string image, string socket) =>
        new(SandboxFailure.ImageMissing, $"The Docker engine at {socket} has no image {image}. The default one is built by: ./dev image");

    public static SandboxException TooOld(EngineVersion version) =>
        new(SandboxFailure.Unavailable, $"The Docker engine's API {version.ApiVersion} is too old; {EngineVersion.Oldest} (Docker 20.10) is needed.");
}
