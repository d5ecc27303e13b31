using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>An agent leaves in its repository all by which git runs programs: none of it ever runs outside its sandbox, where the platform commits and pushes.</summary>
public sealed class PlantedGitTests
{
    [Theory]
    [InlineData("bubblewrap")]
    [InlineData("docker")]
    public async Task What_a_repository_makes_git_run_never_runs_on_the_host(string provider)
    {
        var mark = Path.Combine(Path.GetTempPath(), $"planted-{Guid.NewGuid():N}");
        var command = $$"""
            printf '#!/bin/sh\necho ran >> {{mark}}\n' > .git/run; chmod +x .git/run
            for hook in applypatch-msg commit-msg fsmonitor-watchman post-checkout post-commit post-merge post-update pre-commit pre-push pre-receive prepare-commit-msg reference-transaction update; do cp .git/run .git/hooks/$hook; done
            run=$PWD/.git/run
            git config core.fsmonitor $run; git config core.sshCommand $run; git config core.pager $run; git config core.editor $run; git config core.askPass $run; git config gpg.program $run; git config commit.gpgSign true
            git config credential.helper "!$run"; git config diff.external $run; git config filter.planted.clean "$run; cat"; git config filter.planted.smudge "$run; cat"; git config alias.push "!$run"
            git config remote.origin.receivepack $run; git config remote.origin.uploadpack $run; git config uploadpack.packObjectsHook $run
            echo '* filter=planted diff=planted' > .gitattributes; echo more >> README.md
            git status >/dev/null; cp {{mark}} ran.txt
            """;
        await using var world = await Prepare(Sample.Run("^plant", command, "It is planted."));
        if (provider == "docker") world.UseDocker();
        await world.StartService();

        await world.Mention("plant it");
        await world.ApproveUntil("3 files");
        await world.StopService();

        File.Exists(mark).ShouldBeFalse();
        var branch = world.GitHub.PullRequests(Calculator).ShouldHaveSingleItem().Pull!.HeadBranch;
        (await world.GitHub.Git(Calculator, "show", $"{branch}:ran.txt")).ShouldStartWith("ran");
    }
}
