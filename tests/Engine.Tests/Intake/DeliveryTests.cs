using Bots.Engine.Intake;
using Bots.Engine.Tests.World;
using Dapper;
using Microsoft.Extensions.Hosting;

namespace Bots.Engine.Tests.Intake;

/// <summary>What surfaces deliver twice is done once, and what cannot be read keeps nobody waiting.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_same_delivery_three_times_is_one_prompt()
    {
        var request = EngineWorld.Request("fix it");

        (await _world.Receive(request, "d1")).ShouldBeTrue();
        (await _world.Receive(request, "d1")).ShouldBeFalse();
        await _world.Taken("d1");
        (await _world.Receive(request, "d1")).ShouldBeFalse();

        await OnlyOnePrompt();
    }

    [Fact]
    public async Task The_same_delivery_at_the_same_time_is_one_prompt()
    {
        var accepted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _world.Receive(EngineWorld.Request("fix it"), "d1"))));

        accepted.Count(a => a).ShouldBe(1);
        await OnlyOnePrompt();
    }

    [Fact]
    public async Task The_same_happening_under_two_delivery_ids_is_one_prompt()
    {
        (await _world.Receive(EngineWorld.Request("fix it"), "d1", "T1/C1/42")).ShouldBeTrue();
        (await _world.Receive(EngineWorld.Request("fix it"), "d2", "T1/C1/42")).ShouldBeFalse();

        await OnlyOnePrompt();
    }

    [Fact]
    public async Task Two_deliveries_without_a_happening_are_two()
    {
        (await _world.Receive(EngineWorld.Request("one"), "d1")).ShouldBeTrue();
        (await _world.Receive(EngineWorld.Request("two"), "d2")).ShouldBeTrue();
        await _world.Taken("d2");

        _world.View().Prompts.Select(p => p.Text).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Which_deliveries_are_stored_is_known_by_their_ids()
    {
        var begun = _world.Clock.GetUtcNow();
        await _world.Receive(EngineWorld.Request("one"), "d1", "T1/C1/42");
        await _world.Receive(EngineWorld.Request("one"), "d2", "T1/C1/42");
        await _world.Receive(EngineWorld.Request("two"), "d3");

        IReadOnlySet<string> Stored(string surface, DateTimeOffset since) => _world.Store.Read(db => InboxEntry.Stored(db, surface, ["d1", "d2", "d3", "d4"], since));
        Stored("fake", begun).ShouldBe(["d1", "d3"], ignoreOrder: true);
        Stored("fake", begun.AddMilliseconds(1)).ShouldBeEmpty();
        Stored("other", begun).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_delivery_that_nobody_took_up_before_the_end_is_taken_up_after_it(Ending ending)
    {
        _world.Reader.Fails = _ => true;
        await _world.Receive(EngineWorld.Request("fix it"), "d1");
        await _world.Until(() => _world.Reader.Reads.Count == 1);
        _world.Reader.Fails = _ => false;

        await _world.Restart(ending);
        await _world.Pass(TimeSpan.FromSeconds(1), _world.Taken("d1"));

        await OnlyOnePrompt();
    }

    [Fact]
    public async Task A_delivery_that_cannot_be_read_is_tried_eight_times_with_growing_pauses_and_then_parked()
    {
        _world.Reader.Fails = delivery => delivery.Id == "bad";
        await _world.Receive(EngineWorld.Request("unreadable"), "bad");
        for (var attempt = 1; attempt < 8; attempt++)
        {
            var pause = TimeSpan.FromSeconds(1 << (attempt - 1));
            await _world.Clock.Armed(pause);
            _world.Reader.Reads.Count.ShouldBe(attempt);
            _world.Clock.Advance(pause);
        }

        (await _world.Taken("bad")).ShouldBe("on purpose");
        _world.Reader.Reads.Count.ShouldBe(8);
        _world.Store.Read(db => db.QuerySingle<string>("SELECT state FROM deliveries")).ShouldBe("parked");
        _world.Session().ShouldBeNull();
    }

    [Fact]
    public async Task A_reading_that_hangs_is_broken_off_and_tried_again_and_what_came_after_it_is_taken_in()
    {
        _world.Reader.Hangs = delivery => delivery.Id == "slow";
        await _world.Receive(EngineWorld.Request("one", "c1"), "slow");
        await _world.Receive(EngineWorld.Request("two", "c2"), "next");
        await _world.Clock.Armed(IntakeLoop.LongestReading);
        _world.Clock.Advance(IntakeLoop.LongestReading);

        await _world.Until(() => _world.Reader.BrokenOff);
        (await _world.Taken("next")).ShouldBe("session opened");
        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        _world.Store.Read(db => InboxEntry.In(db, "pending", 0, 10)).ShouldHaveSingleItem().Cause.ShouldBe("It was not understood within 5 minutes.");
        _world.Reader.Hangs = _ => false;
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        (await _world.Taken("slow")).ShouldBe("session opened");
    }

    [Fact]
    public async Task What_is_broken_off_by_the_watchdog_counts_as_tried_and_is_taken_in_once()
    {
        _world.Reader.Hangs = _ => _world.Reader.Reads.Count == 1;
        await _world.Receive(EngineWorld.Request("fix it"), "slow");
        await _world.Until(() => _world.Reader.Reads.Count == 1);

        await IHasLoops.Among(_world.Get<IEnumerable<IHostedService>>()).OfType<IntakeLoop>().Single().Interrupt();

        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        _world.Store.Read(db => InboxEntry.In(db, "pending", 0, 10)).ShouldHaveSingleItem().Attempts.ShouldBe(1);
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.Taken("slow");
        await OnlyOnePrompt();
    }

    [Fact]
    public async Task A_parked_delivery_is_taken_in_when_somebody_retries_it()
    {
        _world.Reader.Fails = _ => true;
        await _world.Receive(EngineWorld.Request("fix it"), "bad");
        for (var attempt = 1; attempt < 8; attempt++)
        {
            await _world.Clock.Armed(TimeSpan.FromSeconds(1 << (attempt - 1)));
            _world.Clock.Advance(TimeSpan.FromSeconds(1 << (attempt - 1)));
        }

        await _world.Taken("bad");
        var parked = _world.Store.Read(db => InboxEntry.In(db, "parked", 0, 10)).ShouldHaveSingleItem();
        (parked.DeliveryId, parked.Attempts, parked.Cause).ShouldBe(("bad", 8, "on purpose"));
        _world.Store.Read(InboxEntry.Parked).ShouldBe(1);
        _world.Reader.Fails = _ => false;

        (await _world.Get<Inbox>().Retry(parked.Id, TestContext.Current.CancellationToken)).ShouldBe(InboxRetry.Begun);
        await _world.Until(() => _world.Session() is not null);

        _world.View().Prompts.ShouldHaveSingleItem().Text.ShouldBe("fix it");
        _world.Store.Read(InboxEntry.Parked).ShouldBe(0);
        (await _world.Get<Inbox>().Retry(parked.Id, TestContext.Current.CancellationToken)).ShouldBe(InboxRetry.NotParked);
    }

    [Fact]
    public async Task A_delivery_that_cannot_be_read_holds_up_no_other_place()
    {
        _world.Reader.Fails = delivery => delivery.Id == "bad";
        await _world.Receive(EngineWorld.Request("unreadable"), "bad");
        await _world.Receive(EngineWorld.Request("fix it", "c2"), "good");

        await _world.Taken("good");
        _world.View("c2").Prompts.ShouldHaveSingleItem().Text.ShouldBe("fix it");

        _world.Reader.Fails = _ => false;
        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        await _world.Taken("bad");
        _world.View().Prompts.ShouldHaveSingleItem().Text.ShouldBe("unreadable");
    }

    [Fact]
    public async Task What_was_put_off_by_a_clock_that_was_wrong_is_not_waited_for()
    {
        _world.Clock.Shift = TimeSpan.FromDays(2);
        _world.Reader.Fails = _ => true;
        await _world.Receive(EngineWorld.Request("fix it"), "d1");
        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        _world.Reader.Fails = _ => false;

        _world.Clock.Shift = TimeSpan.Zero;
        _world.Clock.Advance(TimeSpan.FromSeconds(1));

        await _world.Taken("d1");
        await OnlyOnePrompt();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_after_it_for_the_same_place_waits_for_it(bool killed)
    {
        _world.Reader.Fails = delivery => delivery.Id == "first";
        await _world.Receive(EngineWorld.Request("one"), "first");
        await _world.Until(() => _world.Reader.Reads.Contains("first"));
        if (killed) await _world.Restart(Ending.Crash);
        await _world.Receive(EngineWorld.Request("two"), "second");
        await _world.Receive(EngineWorld.Request("elsewhere", "c2"), "third");
        await _world.Taken("third");
        _world.Reader.Reads.ShouldNotContain("second");

        _world.Reader.Fails = _ => false;
        await _world.Pass(TimeSpan.FromSeconds(1), _world.Taken("second"));

        _world.View().Prompts.Select(p => p.Text).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task What_is_ignored_is_done_and_says_why()
    {
        await _world.Receive(new Inbound.Ignored("a bot's own message"), "d1");

        (await _world.Taken("d1")).ShouldBe("a bot's own message");
    }

    [Fact]
    public async Task What_is_nothing_to_the_bot_is_done_when_it_is_stored_without_its_words()
    {
        _world.Reader.Nothing = _ => "idle talk";

        (await _world.Receive(EngineWorld.Request("between us"), "d1")).ShouldBeTrue();

        Stored("d1").ShouldBe(("done", "idle talk", 0));
        (await _world.Receive(EngineWorld.Request("between us"), "d1")).ShouldBeFalse();
        _world.Reader.Nothing = _ => null;
        await _world.Receive(new Inbound.Ignored("the last one"), "last");
        await _world.Taken("last");
        _world.Reader.Reads.ShouldBe(["last"]);
    }

    [Fact]
    public async Task What_cannot_be_told_at_once_is_read()
    {
        _world.Reader.Nothing = _ => throw new InvalidOperationException("on purpose");

        await _world.Receive(EngineWorld.Request("fix it"), "d1");

        (await _world.Taken("d1")).ShouldBe("session opened");
    }

    [Fact]
    public async Task A_repetition_waits_until_the_first_is_on_disk()
    {
        using var release = new ManualResetEventSlim();
        var held = _world.Store.Write(_ =>
        {
            release.Wait();
            return true;
        });
        var first = _world.Receive(EngineWorld.Request("fix it"), "d1");
        var again = _world.Receive(EngineWorld.Request("fix it"), "d1");

        (first.IsCompleted, again.IsCompleted).ShouldBe((false, false));
        release.Set();
        await held;
        (await first, await again).ShouldBe((true, false));
        await OnlyOnePrompt();
    }

    [Fact]
    public async Task Among_many_that_are_ignored_the_one_that_is_meant_and_the_one_that_fails_are_seen()
    {
        _world.Reader.Fails = delivery => delivery.Id == "bad";
        var received = Enumerable.Range(0, 40).Select(i => i switch
        {
            20 => _world.Receive(EngineWorld.Request("fix it"), "meant"),
            30 => _world.Receive(EngineWorld.Request("unreadable"), "bad"),
            _ => _world.Receive(new Inbound.Ignored($"idle talk {i}"), $"d{i}"),
        });
        await Task.WhenAll(received);
        foreach (var i in new[] { 0, 19, 21, 29, 31, 39 }) (await _world.Taken($"d{i}")).ShouldBe($"idle talk {i}");

        (await _world.Taken("meant")).ShouldBe("session opened");
        _world.View().Prompts.ShouldHaveSingleItem().Text.ShouldBe("fix it");
        var states = _world.Store.Read(db => db.Query<(string State, long Count, long Bytes)>("SELECT state, COUNT(*), SUM(LENGTH(body)) FROM deliveries GROUP BY state ORDER BY state").ToList());
        states.Select(s => (s.State, s.Count)).ShouldBe([("done", 39), ("pending", 1)]);
        states[0].Bytes.ShouldBe(0);
    }

    private (string State, string? Note, long Bytes) Stored(string id) =>
        _world.Store.Read(db => db.QuerySingle<(string, string?, long)>("SELECT state, note, LENGTH(body) FROM deliveries WHERE delivery_id = @id", new { id }));

    private async Task OnlyOnePrompt()
    {
        await _world.Receive(new Inbound.Ignored("the last one"), "last");
        await _world.Taken("last");
        _world.View().Prompts.Count.ShouldBe(1);
        _world.Store.Read(db => db.QuerySingle<long>("SELECT COUNT(*) FROM prompts")).ShouldBe(1);
    }
}
