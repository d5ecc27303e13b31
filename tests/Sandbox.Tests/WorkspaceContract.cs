using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Workspaces that begin as a prepared tree: the same for every provider.</summary>
public abstract class WorkspaceContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task The_tree_is_seen_as_it_is()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start(fixture.Spec() with { Tree = Tree(fixture) });

        var seen = await sandbox.Bash("find . | sort; cat read.me src/deep/er/code; readlink link; ./run; stat -c %a run private");

        seen.ShouldBe(new(0, ".\n./gone\n./link\n./private\n./read.me\n./run\n./src\n./src/deep\n./src/deep/er\n./src/deep/er/code\nread\ncode\nread.me\nran\n755\n600\n", ""));
    }

    [Fact(Timeout = Limit)]
    public async Task Changes_stay_in_the_workspace_and_neither_the_tree_nor_another_sandbox_sees_them()
    {
        await using var fixture = new SandboxFixture(Under);
        var tree = Tree(fixture);
        var before = Listing(tree);
        var (one, two) = (await fixture.Start(fixture.Spec() with { Tree = tree }), await fixture.Start(fixture.Spec() with { Tree = tree }));

        var changed = await one.Bash(
            "set -e; echo changed >> read.me; rm gone; mv src moved; echo new > moved/deep/new; chmod 700 run; ln -sf /etc/passwd link; mkdir -p a/b; touch -d 2001-01-01 private");
        var own = await one.Bash("cat read.me moved/deep/er/code moved/deep/new; ls");
        var others = await two.Bash("cat read.me src/deep/er/code; ls; readlink link");

        changed.ShouldBe(new(0, "", ""));
        own.Output.ShouldBe("read\nchanged\ncode\nnew\na\nlink\nmoved\nprivate\nread.me\nrun\n");
        others.Output.ShouldBe("read\ncode\ngone\nlink\nprivate\nread.me\nrun\nsrc\nread.me\n");
        Listing(tree).ShouldBe(before);
    }

    [Fact(Timeout = Limit)]
    public async Task Changes_are_there_again_in_the_sessions_next_sandbox()
    {
        await using var fixture = new SandboxFixture(Under);
        var tree = Tree(fixture);
        var first = fixture.Spec() with { Tree = tree };
        var sandbox = await fixture.Start(first);
        await sandbox.Bash("echo more >> read.me; rm gone; rm -r src; mkdir src; echo only > src/file; mv run ran; mkdir -p deep && mv deep deeper && echo x > deeper/x");
        await fixture.Provider.Stop(first.Id, Cancellation);

        var second = await fixture.Start(fixture.Spec() with { Tree = tree, Workspace = first.Workspace });
        var seen = await second.Bash("find . -type f | sort; cat read.me; ./ran");

        seen.Output.ShouldBe("./deeper/x\n./private\n./ran\n./read.me\n./src/file\nread\nmore\nran\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_git_tree_is_clean_and_takes_commits()
    {
        await using var fixture = new SandboxFixture(Under);
        var origin = fixture.Spec();
        var maker = await fixture.Start(origin);
        var git = "git -c user.name=a -c user.email=a@b.c";
        var made = await maker.Bash($"{git} init -qb main && seq 1000 > numbers && mkdir d && echo d > d/d && {git} add . && {git} commit -qm one");
        await fixture.Provider.Stop(origin.Id, Cancellation);

        var sandbox = await fixture.Start(fixture.Spec() with { Tree = origin.Workspace });
        var clean = await sandbox.Bash("git status --porcelain; git rev-parse --abbrev-ref HEAD");
        var worked = await sandbox.Bash($"{git} checkout -qb work && echo more >> numbers && rm -r d && {git} add -A && {git} commit -qm two && {git} gc -q && {git} fsck && git log --format=%s && git status --porcelain");

        made.ShouldBe(new(0, "", ""));
        clean.ShouldBe(new(0, "main\n", ""));
        (worked.Code, worked.Output).ShouldBe((0, "two\none\n"));
        (await File.ReadAllTextAsync(Path.Combine(origin.Workspace, ".git/HEAD"), Cancellation)).ShouldBe("ref: refs/heads/main\n");
    }

    [Fact(Timeout = Limit)]
    public async Task The_tree_cannot_be_reached_from_within()
    {
        await using var fixture = new SandboxFixture(Under);
        var tree = Tree(fixture);
        var before = Listing(tree);
        var spec = fixture.Spec() with { Tree = tree };
        var sandbox = await fixture.Start(spec);

        var attempts = await sandbox.Bash(
            $"echo x > '{tree}/read.me'; for p in /proc/[0-9]*; do echo x >> $p/root'{tree}/read.me'; echo x >> $p/cwd/../'{tree}/read.me'; for f in $p/fd/*; do echo x >> $f/read.me; done; done; ln read.me linked && echo x >> linked; true");

        attempts.Code.ShouldBe(0);
        Listing(tree).ShouldBe(before);
    }

    [Fact(Timeout = Limit)]
    public async Task The_trees_files_do_not_count_against_the_disk_but_changes_do()
    {
        await using var fixture = new SandboxFixture(Under);
        var tree = Tree(fixture);
        var big = new byte[8 * 1024 * 1024];
        Random.Shared.NextBytes(big);
        await File.WriteAllBytesAsync(Path.Combine(tree, "big"), big, Cancellation);
        var spec = fixture.Spec() with { Tree = tree, Limits = new ResourceLimits { Disk = 4 * 1024 * 1024 } };
        var sandbox = await fixture.Start(spec);

        (await sandbox.Bash("wc -c < big")).Output.ShouldBe("8388608\n");
        (await fixture.Provider.Breaches(Cancellation)).ShouldBeEmpty();
        await sandbox.Bash("echo x >> big; cp big bigger");

        (await fixture.Provider.NextBreach(spec.Id, ResourceLimit.Disk)).Allowed.ShouldBe(spec.Limits.Disk);
    }

    [Fact(Timeout = Limit)]
    public async Task A_workspace_whose_beginning_was_broken_off_is_begun_again()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec() with { Tree = Tree(fixture) };
        // What a kill leaves between writing the mark and naming it.
        await File.WriteAllTextAsync(Path.Combine(spec.Workspace, "begun.0123456789abcdef0123456789abcdef.tmp"), "Over", Cancellation);
        Directory.CreateDirectory(Path.Combine(spec.Workspace, "upper"));

        var sandbox = await fixture.Start(spec);

        (await sandbox.Bash("cat read.me")).Output.ShouldBe("read\n");
    }

    [Fact(Timeout = Limit)]
    public async Task A_tree_that_is_missing_starts_nothing()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec() with { Tree = "/nowhere/a/tree" };

        var failure = await Should.ThrowAsync<SandboxException>(fixture.Provider.Start(spec, Cancellation));

        failure.Message.ShouldContain("/nowhere/a/tree");
        HostProcesses.With(spec.Id.Value).ShouldBeEmpty();
        (await fixture.Provider.List(Cancellation)).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task Nothing_is_left_mounted_on_the_host()
    {
        await using var fixture = new SandboxFixture(Under);
        var spec = fixture.Spec() with { Tree = Tree(fixture) };

        await fixture.Start(spec);
        await fixture.Provider.Stop(spec.Id, Cancellation);

        (await File.ReadAllTextAsync("/proc/self/mountinfo", Cancellation)).ShouldNotContain(spec.Id.Value);
    }

    static string Tree(SandboxFixture fixture)
    {
        var tree = fixture.Folder("a tree, with: odd \\ letters");
        Directory.CreateDirectory(Path.Combine(tree, "src/deep/er"));
        File.WriteAllText(Path.Combine(tree, "read.me"), "read\n");
        File.WriteAllText(Path.Combine(tree, "gone"), "gone\n");
        File.WriteAllText(Path.Combine(tree, "private"), "private\n");
        File.WriteAllText(Path.Combine(tree, "run"), "#!/bin/sh\necho ran\n");
        File.WriteAllText(Path.Combine(tree, "src/deep/er/code"), "code\n");
        File.CreateSymbolicLink(Path.Combine(tree, "link"), "read.me");
        File.SetUnixFileMode(Path.Combine(tree, "run"), (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Path.Combine(tree, "private"), (UnixFileMode)0b110_000_000);
        return tree;
    }

    static List<string> Listing(string tree) =>
    [
        .. Directory.EnumerateFileSystemEntries(tree, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path =>
            $"{path} {File.GetUnixFileMode(path)} {File.GetLastWriteTimeUtc(path):O} {(Directory.Exists(path) ? "" : File.ReadAllText(path))}"),
    ];
}
