using Bots.Gateway;
using Bots.Sandbox;

namespace Bots.Tests.Gateway;

public sealed class SharedRoomTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);
    private static readonly SandboxId One = new("sbx_1");
    private static readonly SandboxId Two = new("sbx_2");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sandbox_that_has_its_share_waits_and_others_do_not()
    {
        var room = new SharedRoom(10, 4, Patience, new HeldTime());
        var first = await room.Take(One, 4, Cancellation);

        var waiting = room.Take(One, 1, Cancellation);

        (await room.Take(Two, 4, Cancellation)).ShouldNotBeNull();
        waiting.IsCompleted.ShouldBeFalse();
        first!.Dispose();
        (await waiting).ShouldNotBeNull();
    }

    [Fact]
    public async Task Where_there_is_none_left_who_waited_too_long_gets_nothing()
    {
        var time = new HeldTime();
        var room = new SharedRoom(4, 4, Patience, time);
        using var all = await room.Take(One, 4, Cancellation);

        var waiting = room.Take(Two, 1, Cancellation);
        (await time.Skip()).ShouldBe(Patience);

        (await waiting).ShouldBeNull();
    }

    [Fact]
    public async Task Who_left_while_waiting_takes_nothing()
    {
        var room = new SharedRoom(4, 4, Patience, new HeldTime());
        var all = await room.Take(One, 4, Cancellation);
        using var left = new CancellationTokenSource();
        var waiting = room.Take(Two, 4, left.Token);

        await left.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        all!.Dispose();

        (await room.Take(One, 4, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_given_back_in_part_or_twice_counts_once()
    {
        var room = new SharedRoom(10, 10, Patience, new HeldTime());
        var share = (await room.Take(One, 8, Cancellation))!;

        share.Shrink(3);
        using var other = await room.Take(Two, 7, Cancellation);
        share.TryGrow(1).ShouldBeFalse();
        share.Dispose();
        share.Dispose();

        other!.TryGrow(3).ShouldBeTrue();
        other.TryGrow(1).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_so_many_calls_of_one_sandbox_wait()
    {
        var room = new SharedRoom(4, 1, Patience, new HeldTime());
        using var first = await room.Take(One, 1, Cancellation);
        var waiting = Enumerable.Range(0, 64).Select(_ => room.Take(One, 1, Cancellation)).ToList();

        (await room.Take(One, 1, Cancellation)).ShouldBeNull();

        waiting.ShouldAllBe(one => !one.IsCompleted);
    }
}
