using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests.Escapes;

/// <summary>Attempts to reach files that are not the sandbox's, or to change what it may only read: none gets there, whichever the provider.</summary>
public abstract class FileEscapeContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task Through_symbolic_links_of_its_own_to_host_files()
    {
        await using var scene = await EscapeScene.Start(Under);
        var file = scene.HostFile;

        await scene.Attempt(
            $"ln -s '{file}' file; ln -s '{Path.GetDirectoryName(file)}' folder; ln -s /proc/1/root{file} root; ln -s ../../../../../../../../..{file} up;"
            + "cat file folder/secret root up; for f in file folder/secret root up folder/new; do echo x > $f; done; rm -f folder/secret; cp -L file copy");
    }

    [Fact(Timeout = Limit)]
    public async Task Through_links_a_repository_brought_into_the_workspace()
    {
        await using var scene = await EscapeScene.Start(Under, (scene, spec) =>
        {
            File.CreateSymbolicLink(Path.Combine(spec.Workspace, "planted"), scene.HostFile);
            File.CreateSymbolicLink(Path.Combine(spec.Home, ".cache"), Path.GetDirectoryName(scene.HostFile)!);
            return spec;
        });

        await scene.Attempt("cat planted ~/.cache/secret; echo x > planted; echo x > ~/.cache/new; chmod 777 planted; tar -ch . ~ 2>/dev/null | grep -a loot");
    }

    [Fact(Timeout = Limit)]
    public async Task By_climbing_out_of_what_is_mounted()
    {
        await using var scene = await EscapeScene.Start(Under);
        var file = scene.HostFile;

        // The fourth field is where a mount lies on its file system: paths of the host.
        await scene.Attempt(
            $$"""
            while read -r _ _ _ inside at _; do
              for way in "$at/.." "$at/../.." "$at/../../host" "$at/../host" "$inside/../host" "$at/../../../../../../.."; do cat "$way/secret" "$way{{file}}"; echo x > "$way/secret"; done
            done 2>/dev/null < /proc/self/mountinfo
            cd /workspace/../../../../../..; cat .{{file}}; cd -P /proc/self/cwd/..; cat ../host/secret .{{file}}
            """);
    }

    [Fact(Timeout = Limit)]
    public async Task Through_the_root_and_working_directory_of_every_process()
    {
        await using var scene = await EscapeScene.Start(Under);
        var file = scene.HostFile;

        await scene.Attempt($"for p in /proc/[0-9]* /proc/self /proc/thread-self /proc/1/task/*; do for way in root cwd; do cat $p/$way{file} $p/$way/../..{file}; echo x > $p/$way{file}; done; done 2>/dev/null");
    }

    [Fact(Timeout = Limit)]
    public async Task Through_open_descriptors_of_every_process()
    {
        await using var scene = await EscapeScene.Start(Under);
        var file = scene.HostFile;

        var said = await scene.Attempt(
            $"for f in /proc/[0-9]*/fd/* /proc/self/fd/*; do for way in $f$f/.. $f/../.. $f/../../../../../../../..; do cat $way{file} $way/secret $way/host/secret; done; done 2>/dev/null;"
            + "for f in /proc/[0-9]*/fd/*; do [ -d $f/ ] && echo open: $(readlink $f); done 2>/dev/null; true");

        said.Split('\n').Where(l => l.StartsWith("open: ", StringComparison.Ordinal) && l is not ("open: /workspace" or "open: /" or "open: /proc")).ShouldBeEmpty();
    }

    [Fact(Timeout = Limit)]
    public async Task By_hard_links_to_what_it_may_only_read()
    {
        await using var scene = await EscapeScene.Start(Under);

        var said = await scene.Attempt(
            $"for f in '{scene.HostFile}' /usr/bin/id /etc/passwd /opt/bots/sidecar/Bots.Sidecar.dll /opt/bots/dotnet/dotnet /run/bots/control.sock; do for to in /workspace ~ /tmp; do ln $f $to/linked && echo {EscapeScene.Success}; done; done; true");

        said.ShouldContain("Invalid cross-device link");
    }

    [Fact(Timeout = Limit)]
    public async Task By_changing_the_agents_packages()
    {
        await using var scene = await EscapeScene.Start(Under, (scene, spec) =>
        {
            var tools = scene.Fixture.Folder("tools");
            File.WriteAllText(Path.Combine(tools, "agent"), "the agent");
            return spec with { ReadOnly = new Dictionary<string, string> { [tools] = "/opt/agents/tools" } };
        });
        var before = EscapeScene.Listing(scene.Fixture.Folder("tools"));

        await scene.Attempt(Spoil("/opt/agents/tools/agent"));

        EscapeScene.Listing(scene.Fixture.Folder("tools")).ShouldBe(before);
    }

    [Fact(Timeout = Limit)]
    public async Task By_replacing_the_sidecars_program()
    {
        await using var scene = await EscapeScene.Start(Under);

        await scene.Perl(Open("/opt/bots/sidecar/Bots.Sidecar.dll", "/opt/bots/sidecar/Bots.Sidecar.runtimeconfig.json", "/opt/bots/sidecar", "</proc/[0-9]*/exe>"));
    }

    [Fact(Timeout = Limit)]
    public async Task By_changing_the_runtime_the_sidecar_starts_with()
    {
        await using var scene = await EscapeScene.Start(Under);

        await scene.Perl(Open("/opt/bots/dotnet/dotnet", "/opt/bots/dotnet", "</opt/bots/dotnet/host/fxr/*/libhostfxr.so>"));
    }

    [Fact(Timeout = Limit)]
    public async Task By_changing_the_systems_programs()
    {
        await using var scene = await EscapeScene.Start(Under);

        await scene.Perl(Open("/usr/bin/id", "/bin/sh", "/usr", "/etc", "/etc/passwd", "/etc/ld.so.cache"));
    }

    [Fact(Timeout = Limit)]
    public async Task By_putting_a_socket_of_its_own_in_the_control_sockets_place()
    {
        await using var scene = await EscapeScene.Start(Under);
        var before = Directory.GetFiles(scene.Fixture.Control);

        await scene.Attempt(
            Spoil("/run/bots/control.sock") + $"; mv /run/bots /run/mine && echo {EscapeScene.Success};"
            + $"perl -MSocket -e 'socket(my $s, AF_UNIX, SOCK_STREAM, 0); for (\"control.sock\", \"other.sock\") {{ print \"{EscapeScene.Success}\" if bind($s, pack_sockaddr_un(\"/run/bots/$_\")) }}'");

        Directory.GetFiles(scene.Fixture.Control).ShouldBe(before);
        (await scene.Fixture.Start()).ShouldNotBeNull();
    }

    [Fact(Timeout = Limit)]
    public async Task By_overlay_attributes_that_lead_elsewhere()
    {
        await using var scene = await EscapeScene.Start(Under, (scene, spec) =>
        {
            var tree = scene.Fixture.Folder("tree");
            Directory.CreateDirectory(Path.Combine(tree, "src"));
            File.WriteAllText(Path.Combine(tree, "src/file"), "of the tree");
            return spec with { Tree = tree };
        });
        var before = EscapeScene.Listing(scene.Fixture.Folder("tree"));
        string[] names = ["trusted.overlay.redirect", "user.overlay.redirect", "trusted.overlay.opaque", "user.overlay.opaque", "trusted.overlay.metacopy", "user.overlay.metacopy", "security.capability"];
        var attributes = names.SelectMany(n => new[] { "/workspace/src", "/workspace/own" }.Select(p => Kernel.Call("setxattr", $"'{p}', '{n}', '/../../host', 11, 0").Replace(EscapeScene.Success, "set", StringComparison.Ordinal)));

        await scene.Perl("mkdir '/workspace/own'; " + string.Join('\n', attributes));
        await scene.Fixture.Provider.Stop(scene.Spec.Id, Cancellation);
        var again = await scene.Fixture.Start(scene.Fixture.Spec() with { Tree = scene.Spec.Tree, Workspace = scene.Spec.Workspace });

        scene.Judge(await again.Bash($"ls -lAR /workspace; cat src/* own/* src/secret own/secret; echo x > own/secret; echo {EscapeScene.Tried}"));
        EscapeScene.Listing(scene.Fixture.Folder("tree")).ShouldBe(before);
    }

    /// <summary>Asks for what writing needs, in ways that would change nothing if they were granted: these are the host's own files.</summary>
    /// <param name="paths">Files and folders; in angle brackets, a pattern.</param>
    static string Open(params string[] paths) =>
        $$"""
        use Fcntl;
        for my $f ({{string.Join(", ", paths.Select(p => p.StartsWith('<') ? p : $"'{p}'"))}}) {
          my ($mode, $at, $mt) = (stat $f)[2, 8, 9];
          print "{{EscapeScene.Success}} open $f\n" if !-d $f && sysopen my $h, $f, O_WRONLY | O_APPEND;
          print "{{EscapeScene.Success}} chmod $f\n" if chmod $mode & 07777, $f;
          print "{{EscapeScene.Success}} utime $f\n" if utime $at, $mt, $f;
          print "{{EscapeScene.Success}} rename $f\n" if $f !~ /^.proc/ && rename $f, $f;
          print "{{EscapeScene.Success}} create in $f\n" if -d $f && sysopen $h, "$f/escape-probe", O_WRONLY | O_CREAT;
        }
        """;

    /// <summary>Whatever can be done to a file.</summary>
    static string Spoil(string file) =>
        $"f={file}; d=${{f%/*}}; (echo x >> $f) 2>/dev/null && echo {EscapeScene.Success} append; (: > $f) 2>/dev/null && echo {EscapeScene.Success} truncate;"
        + $"for how in \"rm -f $f\" \"mv $f $d/moved\" \"chmod 777 $f\" \"chown 1000 $f\" \"touch -d @0 $f\" \"ln -sf /tmp/x $f\" \"cp /dev/null $f\" \"mkdir $d/new\" \"truncate -s 0 $f\"; do $how && echo {EscapeScene.Success} $how; done; true";
}
