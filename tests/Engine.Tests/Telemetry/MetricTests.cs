using System.Diagnostics.Metrics;
using Bots.Engine.Gateway;
using Bots.Engine.Intake;
using Bots.Engine.Models;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Telemetry;

public sealed class MetricTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new()
    {
        Models = new() { Default = "test/model", Prices = new Dictionary<string, ModelPrice> { ["test/Priced"] = new(1, 10) } },
    };

    private Measured _measured = null!;

    public async ValueTask InitializeAsync()
    {
        await _world.Start();
        _measured = new Measured(_world.Get<IMeterFactory>());
    }

    public async ValueTask DisposeAsync()
    {
        _measured.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_turn_is_timed_from_its_begin_to_its_end()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        _measured.Now("bots_prompts").ShouldBe([new("bots_prompts", 0, "state=queued"), new("bots_prompts", 1, "state=running")]);
        _measured.Now("bots_sandboxes").ShouldContain(new Measure("bots_sandboxes", 1, "state=busy"));
        _world.Clock.Advance(TimeSpan.FromSeconds(90));
        agent.End(prompt);

        (await _measured.Until("bots_turn_duration")).ShouldBe([new("bots_turn_duration", 90, "outcome=completed")]);
        _measured.Of("bots_queue_wait").ShouldBe([new("bots_queue_wait", 0, "")]);
        _measured.Of("bots_intake_delay").ShouldBe([new("bots_intake_delay", 0, "outcome=taken surface=fake")]);
        _measured.Now("bots_prompts").Sum(m => m.Value).ShouldBe(0);
    }

    [Fact]
    public async Task A_turn_that_a_restart_interrupted_is_timed_as_one()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        await _world.End(Ending.Crash);
        _world.Clock.Advance(TimeSpan.FromSeconds(40));
        await _world.Start();
        using var measured = new Measured(_world.Get<IMeterFactory>());
        agent.End(prompt);

        (await measured.Until("bots_turn_duration")).ShouldBe([new("bots_turn_duration", 40, "outcome=completed")]);
        measured.Of("bots_queue_wait").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_parked_delivery_is_counted_as_parked_and_as_nothing_that_waits()
    {
        _world.Reader.Fails = _ => true;
        await _world.Ask("fix it");
        await _world.Clock.Armed(TimeSpan.FromSeconds(1));
        _measured.Now("bots_inbox_backlog").ShouldBe([new("bots_inbox_backlog", 1, "surface=fake")]);
        _measured.Now("bots_inbox_parked").ShouldBe([new("bots_inbox_parked", 0, "")]);
        for (var pause = 1; pause < 128; pause *= 2)
        {
            await _world.Clock.Armed(TimeSpan.FromSeconds(pause));
            _world.Clock.Advance(TimeSpan.FromSeconds(pause));
        }

        (await _measured.Until("bots_intake_delay")).ShouldBe([new("bots_intake_delay", 127, "outcome=parked surface=fake")]);
        _measured.Now("bots_inbox_backlog").ShouldBe([new("bots_inbox_backlog", 0, "surface=fake")]);
        _measured.Now("bots_inbox_parked").ShouldBe([new("bots_inbox_parked", 1, "")]);
    }

    [Fact]
    public async Task Permission_requests_are_counted_by_who_decided_them()
    {
        await _world.Ask("test it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        agent.Ask("npm test");
        await _world.Surface.Shows("permission:", "npm test: open");
        _measured.Now("bots_permissions_open").ShouldBe([new("bots_permissions_open", 1, "")]);
        _world.Clock.Advance(TimeSpan.FromSeconds(30));
        await _world.Answer(PermissionDecision.AllowOnce);
        await agent.Answered();
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");

        _measured.Of("bots_permissions_decided").ShouldBe([new("bots_permissions_decided", 1, "by=person decision=allowed")]);
        _measured.Of("bots_permission_wait").ShouldBe([new("bots_permission_wait", 30, "by=person")]);
        _measured.Now("bots_permissions_open").ShouldBe([new("bots_permissions_open", 0, "")]);
    }

    [Fact]
    public async Task Tokens_are_counted_by_model_and_only_models_that_are_known_become_a_series()
    {
        await _world.Ask("fix it");
        await (await _world.Sandboxes.Started()).Prompted();
        var (access, session) = (_world.Get<IGatewayAccess>(), _world.Session()!.Value);

        await access.RecordUsage(session, "test", "model", new TokenUsage(10, 2), CancellationToken.None);
        await access.RecordUsage(session, "test", "PRICED-20250101", new TokenUsage(1_000_000, 500_000, CacheRead: 7), CancellationToken.None);
        await access.RecordUsage(session, "test", "my password is hunter2", new TokenUsage(3, 0), CancellationToken.None);

        _measured.Of("bots_tokens").ShouldBe([
            new("bots_tokens", 10, "model=test/model type=input"), new("bots_tokens", 2, "model=test/model type=output"),
            new("bots_tokens", 1_000_000, "model=test/priced type=input"), new("bots_tokens", 500_000, "model=test/priced type=output"), new("bots_tokens", 7, "model=test/priced type=cache_read"),
            new("bots_tokens", 3, "model=other type=input"),
        ]);
        var cost = _measured.Of("bots_cost").ShouldHaveSingleItem();
        cost.Tags.ShouldBe("model=test/priced");
        cost.Value.ShouldBe(6, 0.001);
    }

    [Fact]
    public async Task What_a_conversation_does_not_show_yet_is_the_reconcilers_lag()
    {
        _world.Surface.Fail(SurfaceOutcome.Retry, TimeSpan.FromSeconds(10));
        await _world.Ask("fix it");
        await _world.Clock.Armed(TimeSpan.FromSeconds(10));
        (await _measured.Until("bots_event_lag"))[0].ShouldBe(new("bots_event_lag", 0, "by=fake"));
        _world.Clock.Advance(TimeSpan.FromSeconds(4));
        _measured.Now("bots_reconciler_lag").ShouldBe([new("bots_reconciler_lag", 4, "surface=fake")]);
        _measured.Now("bots_reconciler_backlog").ShouldBe([new("bots_reconciler_backlog", 1, "surface=fake")]);

        _world.Clock.Advance(TimeSpan.FromSeconds(6));
        await _measured.Until("bots_reconcile_duration");

        _measured.Of("bots_reconcile_duration")[0].ShouldBe(new("bots_reconcile_duration", 10, "surface=fake"));
        _measured.Now("bots_reconciler_lag").ShouldBe([new("bots_reconciler_lag", 0, "surface=fake")]);
    }

    [Fact]
    public async Task A_watcher_of_the_log_tells_how_late_it_sees_what_is_new()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        var last = _world.Events().Count;
        using var end = new CancellationTokenSource();
        var watching = Watch(_world.Session()!.Value, last, end);
        agent.End(prompt);
        await watching;

        _measured.Of("bots_event_lag").ShouldContain(new Measure("bots_event_lag", 0, "by=watcher"));
    }

    [Fact]
    public void Every_loop_has_a_series_of_its_failures()
    {
        var loops = _measured.Now("bots_loop_failures");

        loops.ShouldContain(new Measure("bots_loop_failures", 0, "loop=Reconciler fake"));
        loops.ShouldContain(new Measure("bots_loop_failures", 0, "loop=TurnScheduler"));
        _measured.Now("bots_loops_down").ShouldBe([new("bots_loops_down", 0, "")]);
    }

    private async Task Watch(SessionId session, long after, CancellationTokenSource end)
    {
        await foreach (var seen in _world.Log.Follow(session, after, end.Token))
        {
            if (seen.Event is SessionEvent.PromptFinished) return;
        }
    }
}
