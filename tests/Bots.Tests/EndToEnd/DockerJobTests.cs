using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>The whole way once, with containers as sandboxes.</summary>
public sealed class DockerJobTests
{
    [Fact]
    public async Task A_mention_becomes_a_pull_request_out_of_a_container()
    {
        await using var world = await Prepare(Sample.Run("^note", "echo $(hostname) $(id -u) $(ls -d /sys/class/net/*) > note", "I have noted it."));
        world.UseDocker();
        await world.StartService();

        await world.Mention("note where you are");
        await world.ApproveUntil("1 file");

        var opened = world.GitHub.PullRequests(Calculator).Single();
        (await world.GitHub.Git(Calculator, "show", $"{opened.Pull!.HeadBranch}:note")).Trim().ShouldBe("sandbox 1000 /sys/class/net/lo");
        world.Models.Problems.ShouldBeEmpty();
    }
}
