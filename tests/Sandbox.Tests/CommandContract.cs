using System.Text;
using Bots.Sandbox.Sidecars;
using Bots.Sandbox.Tests.Support;

namespace Bots.Sandbox.Tests;

/// <summary>Commands with streams: the same in every provider's sandboxes.</summary>
public abstract class CommandContract
{
    const int Limit = 60_000;

    private protected abstract IProviderUnderTest Under { get; }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = Limit)]
    public async Task Output_and_errors_come_as_they_are_printed_and_the_code_last()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var command = await sandbox.Run(Bash("echo one; read line; echo $line; echo wrong >&2; exit 7"), Cancellation);
        var outputs = command.Read(Cancellation).GetAsyncEnumerator(Cancellation);

        (await outputs.MoveNextAsync()).ShouldBeTrue();
        Text(outputs.Current).ShouldBe("one\n");
        await command.Write("two\n"u8.ToArray(), Cancellation);
        var rest = new List<CommandOutput>();
        while (await outputs.MoveNextAsync()) rest.Add(outputs.Current);

        Text(rest.OfType<CommandOutput.Output>()).ShouldBe("two\n");
        string.Concat(rest.OfType<CommandOutput.Error>().Select(Text)).ShouldBe("wrong\n");
        rest[^1].ShouldBe(new CommandOutput.Exited(7));
    }

    [Fact(Timeout = Limit)]
    public async Task Hundred_megabytes_go_through_unchanged()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var command = await sandbox.Run(new ExecRequest("cat", []), Cancellation);
        var part = new byte[1 << 20];
        new Random(1).NextBytes(part);

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++) (await command.Write(part, Cancellation)).ShouldBeTrue();
            await command.EndInput(Cancellation);
        }, Cancellation);
        long position = 0;
        await foreach (var output in command.Read(Cancellation))
        {
            if (output is not CommandOutput.Output bytes)
            {
                output.ShouldBe(new CommandOutput.Exited(0));
                continue;
            }

            for (var left = bytes.Bytes; !left.IsEmpty;)
            {
                var offset = (int)(position % part.Length);
                var length = Math.Min(left.Length, part.Length - offset);
                left.Span[..length].SequenceEqual(part.AsSpan(offset, length)).ShouldBeTrue();
                left = left[length..];
                position += length;
            }
        }

        await writing;
        position.ShouldBe(100L << 20);
    }

    [Fact(Timeout = Limit)]
    public async Task A_given_input_is_read_to_its_end()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var command = await sandbox.Run(new ExecRequest("wc", ["-c"]) { Input = new string('ä', 4_000_000) }, Cancellation);

        Text(await command.Read(Cancellation).ToListAsync(Cancellation)).Trim().ShouldBe("8000000");
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_that_does_not_read_is_told_apart()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var command = await sandbox.Run(Bash("exec 0<&-; echo closed; sleep 1000"), Cancellation);
        await command.Read(Cancellation).FirstAsync(Cancellation);

        (await command.Write(new byte[1 << 20], Cancellation)).ShouldBeFalse();
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_whose_time_is_up_is_ended_with_all_it_started()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var command = await sandbox.Run(
            Bash("echo begun; sleep 4321 & setsid sleep 4322 & sleep 4323") with { Timeout = TimeSpan.FromSeconds(1) }, Cancellation);

        var outputs = await command.Read(Cancellation).ToListAsync(Cancellation);

        Text(outputs).ShouldBe("begun\n");
        outputs[^1].ShouldBe(new CommandOutput.Exited(null));
        (await sandbox.Bash("pgrep -f 'sleep 432[1-3]'")).Output.ShouldBe("");
    }

    [Fact(Timeout = Limit)]
    public async Task Disposing_of_a_command_ends_it()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        var command = await sandbox.Run(Bash("echo up; exec sleep 4321"), Cancellation);
        await command.Read(Cancellation).FirstAsync(Cancellation);

        await command.DisposeAsync();

        (await sandbox.Bash("while pgrep -f 'sleep 432[1]' >/dev/null; do :; done")).Code.ShouldBe(0);
    }

    [Fact(Timeout = Limit)]
    public async Task Streams_go_on_where_they_stopped_when_the_connection_is_cut()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var command = await sandbox.Run(new ExecRequest("cat", []), Cancellation);

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                if (i % 20 == 10) fixture.Plane.Cut();
                await command.Write(Encoding.UTF8.GetBytes($"line {i}\n"), Cancellation);
            }

            await command.EndInput(Cancellation);
        }, Cancellation);

        Text(await command.Read(Cancellation).ToListAsync(Cancellation)).ShouldBe(string.Concat(Enumerable.Range(0, 200).Select(i => $"line {i}\n")));
        await writing;
    }

    [Fact(Timeout = Limit)]
    public async Task A_command_that_is_not_there_has_code_127()
    {
        await using var fixture = new SandboxFixture(Under);
        var sandbox = await fixture.Start();
        await using var unknown = await sandbox.Run(new ExecRequest("no-such-command", []), Cancellation);
        await using var nowhere = await sandbox.Run(new ExecRequest("/bin/true", []) { WorkingDirectory = "/nowhere" }, Cancellation);

        (await unknown.Read(Cancellation).LastAsync(Cancellation)).ShouldBe(new CommandOutput.Exited(127));
        var said = await nowhere.Read(Cancellation).ToListAsync(Cancellation);
        Text(said[0]).ShouldContain("/nowhere");
        said[^1].ShouldBe(new CommandOutput.Exited(127));
    }

    static ExecRequest Bash(string script) => new("/bin/bash", ["-c", script]);

    static string Text(CommandOutput output) => Encoding.UTF8.GetString(output switch
    {
        CommandOutput.Output o => o.Bytes.Span,
        CommandOutput.Error e => e.Bytes.Span,
        _ => [],
    });

    static string Text(IEnumerable<CommandOutput> outputs) => string.Concat(outputs.OfType<CommandOutput.Output>().Select(Text));
}
