using System.Net;
using System.Net.Sockets;
using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests.Escapes;

/// <summary>A sandbox with an attacker in it, and around it what would be worth reaching. Every attempt is judged by what the attacker got and by what it left on the host.</summary>
internal sealed class EscapeScene : IAsyncDisposable
{
    /// <summary>An attempt says this where it got through.</summary>
    public const string Success = "ESCAPED";

    /// <summary>An attempt says this at its end: one that could not even be made is no proof of anything.</summary>
    public const string Tried = "all tried";

    readonly SandboxFixture _fixture;
    readonly string _loot = $"loot-{Guid.NewGuid():N}";

    EscapeScene(IProviderUnderTest under) => _fixture = new SandboxFixture(under);

    public SandboxFixture Fixture => _fixture;

    public SandboxSpec Spec { get; private set; } = null!;

    public ISandboxConnection Attacker { get; private set; } = null!;

    /// <summary>A file beside the sandbox's own folders; what is in it must never be seen inside, nor change.</summary>
    public string HostFile => Path.Combine(_fixture.Folder("host"), "secret");

    /// <param name="change">What else the sandbox is given; what a repository may hold is put into its workspace here.</param>
    public static async Task<EscapeScene> Start(IProviderUnderTest under, Func<EscapeScene, SandboxSpec, SandboxSpec>? change = null)
    {
        var scene = new EscapeScene(under);
        await File.WriteAllTextAsync(scene.HostFile, scene._loot, TestContext.Current.CancellationToken);
        var spec = scene._fixture.Spec();
        scene.Spec = change?.Invoke(scene, spec) ?? spec;
        scene.Attacker = await scene._fixture.Start(scene.Spec);
        return scene;
    }

    /// <summary>Runs a script of the attacker with bash, and judges. It ends by saying <see cref="Tried"/>.</summary>
    /// <returns>What it printed, errors included.</returns>
    public async Task<string> Attempt(string script) => Judge(await Attacker.Bash(script + $"\necho; echo {Tried}"));

    /// <summary>The same with perl, for what no program at hand does.</summary>
    public async Task<string> Perl(string script) =>
        Judge(await Attacker.Exec(new ExecRequest("/usr/bin/perl", ["-e", $"$| = 1; {script}\nprint qq(\\n{Tried}\\n);"]) { Timeout = TimeSpan.FromSeconds(20) }, TestContext.Current.CancellationToken));

    public string Judge(ExecResult result)
    {
        var said = result.Output + result.Error;
        result.Output.ShouldContain(Tried, customMessage: said);
        said.ShouldNotContain(Success);
        said.ShouldNotContain(_loot);
        Unharmed();
        return said;
    }

    /// <summary>Nothing came to the host's file, or beside it.</summary>
    public void Unharmed()
    {
        File.ReadAllText(HostFile).ShouldBe(_loot);
        Directory.GetFileSystemEntries(_fixture.Folder("host")).ShouldBe([HostFile]);
    }

    /// <summary>A folder's files with what an attack would change of them.</summary>
    public static IReadOnlyList<string> Listing(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(f => $"{f.FullName} {f.UnixFileMode} {f.LastWriteTimeUtc:O} {(f as FileInfo)?.Length} {f.LinkTarget}").Order(StringComparer.Ordinal)];

    /// <summary>A second sandbox with a process in it that can be told from all others on the machine.</summary>
    public async Task<Neighbour> Neighbour(string work = "exec -a $NAME sleep 1000")
    {
        var name = $"neighbour-{Guid.NewGuid():N}";
        var spec = _fixture.Spec();
        var connection = await _fixture.Start(spec);
        await File.WriteAllTextAsync(Path.Combine(spec.Workspace, "note"), _loot, TestContext.Current.CancellationToken);
        await connection.StartBash("work", $"NAME={name}; echo up; {work}");
        await connection.ReadSome("work", 1);
        return new Neighbour(spec, connection, name);
    }

    /// <summary>Listens on the host until the test ends; whoever comes is known by the socket's state.</summary>
    public static Socket Listen(EndPoint place)
    {
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(place);
        socket.Listen();
        return socket;
    }

    /// <summary>True if somebody came.</summary>
    public static bool Visited(Socket listener) => listener.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}

internal sealed record Neighbour(SandboxSpec Spec, ISandboxConnection Connection, string Name)
{
    /// <summary>Its process runs, its note is as it was written, and it answers.</summary>
    public async Task IsWell()
    {
        (await Connection.IsRunning("work", TestContext.Current.CancellationToken)).ShouldBeTrue();
        (await Connection.Bash("ls -A /workspace")).Output.ShouldBe("note\n");
    }
}
