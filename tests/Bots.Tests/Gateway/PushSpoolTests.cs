using Bots.Configuration;
using Bots.Engine.Sandboxes;
using Bots.Gateway;
using Bots.Sandbox;

namespace Bots.Tests.Gateway;

public sealed class PushSpoolTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly string _home = Directory.CreateTempSubdirectory("spool").FullName;
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly GatewayOptions _options = new() { MaxPushSize = ByteSize.Parse("1MiB") };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task All_pushes_together_take_only_so_much_of_the_disk()
    {
        var spool = Spool();
        var held = new List<Stream>();
        for (var n = 0; n < 4; n++) held.Add((await spool.Take(Of(new MemoryStream(new byte[MiB])), new SandboxId($"sbx_{n}"), Cancellation)).ShouldNotBeNull());

        (await Should.ThrowAsync<FormatException>(() => spool.Take(Of(new MemoryStream([1])), new SandboxId("sbx_5"), Cancellation))).Message.ShouldContain("as many pushes as it can");

        await held[0].DisposeAsync();
        await using var next = await spool.Take(Of(new MemoryStream(new byte[MiB])), new SandboxId("sbx_5"), Cancellation);
        next.ShouldNotBeNull().Length.ShouldBe(MiB);
        foreach (var one in held) await one.DisposeAsync();
    }

    [Fact]
    public async Task A_push_that_stops_is_given_up()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taking = Spool().Take(Of(new Trickle(() =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource().Task;
        })), new SandboxId("sbx_1"), Cancellation);

        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        _time.Advance(PushSpool.Patience);

        (await Should.ThrowAsync<FormatException>(taking)).Message.ShouldContain("too slowly");
        Directory.GetFiles(_home).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_push_that_trickles_is_given_up()
    {
        var reads = 0;
        var trickle = new Trickle(() =>
        {
            reads++;
            _time.Advance(TimeSpan.FromSeconds(10));
            return Task.CompletedTask;
        });

        (await Should.ThrowAsync<FormatException>(() => Spool().Take(Of(trickle), new SandboxId("sbx_1"), Cancellation))).Message.ShouldContain("too slowly");
        reads.ShouldBe(7);
    }

    [Fact]
    public async Task A_refused_push_that_never_ends_is_not_read_for_ever()
    {
        var reads = 0;

        await Spool().Drain(Of(new Trickle(() =>
        {
            reads++;
            return Task.CompletedTask;
        }, 64 * 1024)), Cancellation);

        reads.ShouldBe(4 * MiB / (64 * 1024));
    }

    private PushSpool Spool() => new(_options, new PushRooms(_options, _time), new SandboxPaths(_home), _time);

    private static PushBody Of(Stream rest) => new(new PushRequest([], new HashSet<string>()), default, rest);

    /// <summary>Gives some bytes at a time without end, after what the test does.</summary>
    private sealed class Trickle(Func<Task> before, int bytes = 1) : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await before().WaitAsync(cancellationToken);
            return bytes;
        }
    }
}
