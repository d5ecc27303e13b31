namespace Bots.Tests.EndToEnd;

/// <summary>Installations whose sandboxes are containers, where <c>./dev test</c> has found or started an engine.</summary>
internal static class DockerSandboxes
{
    public static void UseDocker(this Installation world)
    {
        var socket = Environment.GetEnvironmentVariable("BOTS_TEST_DOCKER");
        Assert.SkipUnless(socket is { Length: > 0 }, "There is no Docker engine: BOTS_TEST_DOCKER names no socket.");
        world.Settings["Sandbox:Provider"] = "docker";
        world.Settings["Sandbox:Docker:Socket"] = socket;
        world.Settings["Sandbox:Image"] = "bots-test:latest";
    }
}
