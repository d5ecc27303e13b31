using System.Net.WebSockets;
using System.Text;
using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>A sidecar is in the sandbox, so whatever it says may be the work of an attacker: it can spoil its own sandbox's work, nothing else.</summary>
public sealed class HostileSidecarTests : IAsyncLifetime
{
    const int Limit = 60_000;
    readonly string _directory = Directory.CreateTempSubdirectory("bots-").FullName;
    readonly StrictRegistry _registry = new();
    readonly SandboxId _sandbox = SandboxId.New();
    ControlPlane _plane = null!;
    string _token = "";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Nonsense =>
    [
        "", "null", "[]", "7", "{", "\"hello\"", "{}", "{\"type\":7}", "\0\0\0", "{\"type\":\"output\"}", new string('[', 10_000), "{\"type\":\"\\ud800\"}",
        """{"type":"output","process":"agent","reader":1,"number":-1,"kind":0,"text":"x"}""",
        """{"type":"output","process":"agent","reader":1,"number":99999999999999999999,"kind":0,"text":"x"}""",
        """{"type":"output","process":"agent","reader":1,"number":1,"kind":0,"text":"\ud800"}""",
        """{"type":"output","process":"agent","reader":1,"number":1,"kind":5,"bytes":"%%%"}""",
        """{"type":"executed","id":"x","standardOutput":1,"standardError":""}""",
        """{"type":"hello","version":2,"processes":[null]}""",
    ];

    public static TheoryData<string> Surprises =>
    [
        """{"type":"hologram"}""",
        """{"type":"hello","version":2,"processes":[]}""",
        """{"type":"done","id":"never asked"}""",
        """{"type":"executed","id":"never asked","standardOutput":"","standardError":""}""",
        """{"type":"observed","id":"never asked","terminals":0,"processes":0,"names":[],"allFiles":true}""",
        """{"type":"output","process":"nobody","reader":1,"number":1,"kind":0,"text":"x"}""",
        """{"type":"output","process":"agent","reader":77,"number":1,"kind":0,"text":"x"}""",
        """{"type":"output","process":"agent","reader":1,"number":0,"kind":0,"text":"too low"}""",
        """{"type":"output","process":"agent","reader":1,"number":1,"kind":99,"text":"of a kind to come"}""",
    ];

    public async ValueTask InitializeAsync()
    {
        _plane = await ControlPlane.Start(_directory, _registry);
        _token = (await _plane.Hub.Register(_registry.Issue(_sandbox), Cancellation))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _plane.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_costs_it_the_socket_and_nothing_else(string frame)
    {
        using var hostile = await HostileSidecar.Connect(_directory, _token);
        var sandbox = await Connected();

        await hostile.Send(frame);
        await hostile.Cut();

        await WorksAgain(sandbox);
    }

    [Theory(Timeout = Limit)]
    [MemberData(nameof(Surprises))]
    public async Task What_nobody_asked_for_is_passed_over(string frame)
    {
        using var hostile = await HostileSidecar.Connect(_directory, _token);
        var sandbox = await Connected();
        var reading = sandbox.ReadSome("agent", 1);
        await hostile.Receive("read");

        await hostile.Send(frame);
        await hostile.Send("""{"type":"output","process":"agent","reader":1,"number":2,"kind":0,"text":"as it should be"}""");

        (await reading).ShouldBe([new ProcessOutput.Line(2, "as it should be")]);
    }

    [Theory(Timeout = Limit)]
    [InlineData("""{"type":"done","id":"x"}""")]
    [InlineData("""{"type":"hello","version":1,"processes":[]}""")]
    [InlineData("""{"type":"hello","version":-2,"processes":[]}""")]
    [InlineData("nonsense")]
    public async Task Who_does_not_begin_with_a_greeting_is_not_let_in(string first)
    {
        using var hostile = await HostileSidecar.Connect(_directory, _token, first);

        await hostile.Cut();

        _plane.Hub.Find(_sandbox).ShouldBeNull();
    }

    [Fact(Timeout = Limit)]
    public async Task A_frame_that_is_too_large_is_not_taken()
    {
        using var hostile = await HostileSidecar.Connect(_directory, _token);
        var sandbox = await Connected();

        var sent = await hostile.SendUntilCut(_ => new byte[1 << 20], whole: false);

        sent.ShouldBeLessThan(64 << 20);
        await WorksAgain(sandbox);
    }

    [Fact(Timeout = Limit)]
    public async Task More_output_than_was_asked_for_is_not_kept()
    {
        using var hostile = await HostileSidecar.Connect(_directory, _token);
        var sandbox = await Connected();
        await using var reader = sandbox.Read("agent", 0, Cancellation).GetAsyncEnumerator(Cancellation);
        var first = reader.MoveNextAsync();
        await hostile.Receive("read");
        var text = new string('x', 100_000);
        long number = 0;

        await hostile.SendUntilCut(_ => Encoding.UTF8.GetBytes($$"""{"type":"output","process":"agent","reader":1,"number":{{++number}},"kind":0,"text":"{{text}}"}"""));

        (await first).ShouldBeTrue();
        var taken = 1;
        using var again = await HostileSidecar.Connect(_directory, _token);
        var resumed = await again.Receive("read");
        while (taken < (long)resumed["after"]! && await reader.MoveNextAsync()) taken++;
        taken.ShouldBeLessThan(20);
    }

    [Fact(Timeout = Limit)]
    public async Task A_line_in_endless_parts_is_not_kept()
    {
        using var hostile = await HostileSidecar.Connect(_directory, _token);
        var sandbox = await Connected();
        var reading = sandbox.ReadSome("agent", 1);
        await hostile.Receive("read");
        var text = new string('x', 100_000);
        long number = 0;

        var sent = await hostile.SendUntilCut(_ => Encoding.UTF8.GetBytes($$"""{"type":"output","process":"agent","reader":1,"number":{{++number}},"kind":3,"text":"{{text}}"}"""));

        sent.ShouldBeLessThan(64 << 20);
        reading.IsCompleted.ShouldBeFalse();
    }

    [Fact(Timeout = Limit)]
    public async Task Who_never_reads_is_cut_off_before_our_answers_pile_up()
    {
        using var hostile = await HostileSidecar.Connect(_directory, _token);
        await Connected();
        long number = 0;

        await hostile.SendUntilCut(_ => Encoding.UTF8.GetBytes($$"""{"type":"executed","id":"{{++number}}","standardOutput":"","standardError":""}"""));

        number.ShouldBeLessThan(1_000_000);
    }

    [Fact(Timeout = Limit)]
    public async Task Binary_messages_are_no_better()
    {
        using var hostile = await HostileSidecar.Connect(_directory, _token);
        var sandbox = await Connected();
        var noise = new byte[10_000];
        new Random(7).NextBytes(noise);

        await hostile.Send(noise, WebSocketMessageType.Binary);
        await hostile.Cut();

        await WorksAgain(sandbox);
    }

    [Fact(Timeout = Limit)]
    public async Task A_greeting_full_of_made_up_processes_is_not_let_in()
    {
        var process = """{"process":"~x","exited":false,"lastOutput":0,"acknowledged":0,"lastInput":0}""";
        using var hostile = await HostileSidecar.Connect(_directory, _token, $$"""{"type":"hello","version":2,"processes":[{{string.Join(',', Enumerable.Repeat(process, 10_001))}}]}""");

        await hostile.Cut();

        _plane.Hub.Find(_sandbox).ShouldBeNull();
    }

    [Fact(Timeout = Limit)]
    public async Task Ten_thousand_random_frames_do_no_harm()
    {
        var random = new Random(20260101);
        string[] types = ["hello", "output", "done", "executed", "observed", "start", ""];
        string[] names = ["id", "process", "reader", "number", "kind", "text", "bytes", "code", "lines", "processes", "version", "names", "terminals", "standardOutput", "standardError"];
        string[] values = ["1", "-1", "0", "2", "5", "null", "true", "[]", "{}", "\"agent\"", "\"\"", "\"AAAA\"", "1e999", "9223372036854775807", "0.5", "\"\\u0000\"", "[1,[2,{}]]"];
        using var other = await HostileSidecar.Connect(_directory, (await _plane.Hub.Register(_registry.Issue(SandboxId.New()), Cancellation))!);
        HostileSidecar? hostile = null;
        for (var i = 0; i < 10_000; i++)
        {
            var fields = Enumerable.Range(0, random.Next(8)).Select(_ => $"\"{names[random.Next(names.Length)]}\":{values[random.Next(values.Length)]}");
            try
            {
                hostile ??= await HostileSidecar.Connect(_directory, _token);
                await hostile.Send($"{{{string.Join(',', fields.Prepend($"\"type\":\"{types[random.Next(types.Length)]}\""))}}}");
            }
            catch (WebSocketException)
            {
                hostile?.Dispose();
                hostile = null;
            }
        }

        hostile?.Dispose();
        await WorksAgain(await Connected());
    }

    Task<ISandboxConnection> Connected() => _plane.Hub.Connected(_sandbox, TimeSpan.FromSeconds(20), Cancellation);

    /// <summary>The same connection serves the next socket of the sandbox.</summary>
    async Task WorksAgain(ISandboxConnection sandbox)
    {
        using var good = await HostileSidecar.Connect(_directory, _token);
        var asked = sandbox.IsRunning("agent", Cancellation);
        var probe = await good.Receive("probe");
        await good.Send($$"""{"type":"done","id":"{{probe["id"]}}"}""");

        (await asked).ShouldBeTrue();
        sandbox.Lost.IsCancellationRequested.ShouldBeFalse();
    }
}
