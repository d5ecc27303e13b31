using Bots.Engine.Intake;
using Bots.Engine.Prompts;
using Bots.Engine.Retention;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Retention;

/// <summary>What has had its time goes, and what somebody may go on with stays.</summary>
public sealed class RetentionTests : IDisposable
{
    private static readonly WorkTarget Target = new(RepositoryName.Parse("acme/shop"));

    private readonly TemporaryStore _temporary = new();
    private readonly SessionLog _log;
    private readonly SessionStore _sessions;
    private readonly PromptStore _prompts;
    private readonly RetentionSweep _sweep;

    public RetentionTests()
    {
        _log = new SessionLog(_temporary.Store, _temporary.Metrics, _temporary.Clock);
        _sessions = new SessionStore(_log, _temporary.Clock);
        _prompts = new PromptStore(new SchedulerOptions(), _log, _temporary.Metrics, _temporary.Clock);
        _sweep = new RetentionSweep(_temporary.Store, new RetentionOptions(), _temporary.Clock);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_session_nobody_came_back_to_goes_with_all_that_was_said_in_it()
    {
        var old = await Session("old", PromptState.Completed);
        await Write("INSERT INTO surface_messages (surface, conversation, key, content, state) VALUES ('fake', 'old', 'm', 'words', 'Sent')");
        await Write($"INSERT INTO spending (budget, cost) VALUES ('session:{old}', 5)");
        _temporary.Clock.Advance(TimeSpan.FromDays(60));
        var young = await Session("young", PromptState.Completed);
        _temporary.Clock.Advance(TimeSpan.FromDays(31));

        await Sweep();

        foreach (var table in (string[])["prompts", "conversations", "session_events"]) Count(table, $"session_id = '{old}'").ShouldBe(0, table);
        foreach (var table in (string[])["surface_messages", "spending", "removed_sessions"]) Count(table).ShouldBe(0, table);
        Count("sessions").ShouldBe(1);
        _log.View(young).Prompts.ShouldHaveSingleItem().Text.ShouldBe("fix it");
        Count("audit_log").ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_session_that_can_be_gone_on_with_stays()
    {
        var running = await Session("running", PromptState.Running);
        var waiting = await Session("waiting", PromptState.Queued);
        var kept = await Session("kept", PromptState.Completed);
        await Write($"INSERT INTO workspaces (id, repository, session_id, created_at) VALUES ('w', 'acme/shop', '{kept}', 0)");
        var live = await Session("live", PromptState.Completed);
        await Write($"INSERT INTO sandboxes (id, workspace_id, repository, session_id, purpose, state, registration_expires, started_at) VALUES ('s', 'x', 'acme/shop', '{live}', 'Session', 'live', 0, 0)");
        foreach (var session in (SessionId[])[running, live])
            await Write($"INSERT INTO usage (at, session_id, repository, model, input, output, cache_read, cache_write) VALUES (0, '{session}', 'acme/shop', 'm', 1, 1, 0, 0)");
        _temporary.Clock.Advance(TimeSpan.FromDays(400));
        await _temporary.Store.Write(write => _log.Append(write, running, new SessionEvent.Noted(null, "still here")));

        await Sweep();

        Count("sessions").ShouldBe(4);
        Count("sandboxes").ShouldBe(1);
        Count("usage", $"session_id = '{running}'").ShouldBe(1);
        Count("usage").ShouldBe(1);
        _log.View(waiting).Prompts.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_session_whose_repository_nobody_ever_chose_goes()
    {
        await Session("asked", PromptState.Queued, target: null);
        _temporary.Clock.Advance(TimeSpan.FromDays(91));

        await Sweep();

        Count("sessions").ShouldBe(0);
        Count("prompts").ShouldBe(0);
    }

    [Fact]
    public async Task Deliveries_that_were_taken_in_go_and_those_that_wait_stay()
    {
        foreach (var state in (string[])["done", "pending", "parked"])
            await Write($"INSERT INTO deliveries (surface, delivery_id, kind, body, received_at, state) VALUES ('fake', '{state}', 'k', x'00', {_temporary.Clock.GetUtcNow().ToUnixTimeMilliseconds()}, '{state}')");
        _temporary.Clock.Advance(TimeSpan.FromDays(29));
        (await Sweep()).ShouldBeEmpty();
        _temporary.Clock.Advance(TimeSpan.FromDays(2));
        await Sweep();
        Deliveries().ShouldBe(["pending", "parked"]);
        _temporary.Clock.Advance(TimeSpan.FromDays(60));
        await Sweep();
        Deliveries().ShouldBe(["pending"]);
    }

    [Fact]
    public async Task Many_rows_go_in_small_writes()
    {
        await _temporary.Store.Write(write =>
        {
            for (var i = 0; i < 1201; i++)
                write.Db.Execute("INSERT INTO usage (at, session_id, repository, model, input, output, cache_read, cache_write) VALUES (0, 'gone', 'acme/shop', 'm', 1, 1, 0, 0)");
        });
        var session = await Session("long", PromptState.Completed);
        await _temporary.Store.Write(write =>
        {
            for (var i = 0; i < 1200; i++) _log.Append(write, session, new SessionEvent.Noted(null, "x"));
        });
        _temporary.Clock.Advance(TimeSpan.FromDays(91));

        var removed = await Sweep();

        removed["usage"].ShouldBe(1201);
        removed["session_events"].ShouldBeGreaterThan(1200);
        (Count("usage"), Count("session_events"), Count("removed_sessions")).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task What_a_day_cost_goes_with_the_calls_it_was_summed_from()
    {
        await Write("INSERT INTO spending (budget, cost) VALUES ('day:2026-01-01', 1), ('user:slack:U1:2026-01-01', 1), ('day:2026-11-20', 1), ('session:ses_1', 1)");

        await Sweep();

        _temporary.Store.Read(db => db.Query<string>("SELECT budget FROM spending ORDER BY budget").ToList()).ShouldBe(["day:2026-11-20", "session:ses_1"]);
    }

    private Task<IReadOnlyDictionary<string, long>> Sweep() => _sweep.Run(TestContext.Current.CancellationToken);

    private Task<SessionId> Session(string conversation, PromptState state) => Session(conversation, state, Target);

    private Task<SessionId> Session(string conversation, PromptState state, WorkTarget? target) => _temporary.Store.Write(write =>
    {
        var session = _sessions.Open(write, EngineWorld.Key(conversation), "opencode", null, target);
        var prompt = PromptStore.Get(write.Db, _prompts.Enqueue(write, session, EngineWorld.Request("fix it", conversation)))!;
        if (state != PromptState.Queued) _prompts.Move(write, prompt, PromptState.Queued, PromptState.Running);
        if (state == PromptState.Completed) _prompts.Move(write, prompt, PromptState.Running, PromptState.Completed);
        return session;
    });

    private Task Write(string sql) => _temporary.Store.Write(write => write.Db.Execute(sql));

    private long Count(string table, string where = "1 = 1") => _temporary.Store.Read(db => db.QuerySingle<long>($"SELECT COUNT(*) FROM {table} WHERE {where}"));

    private List<string> Deliveries() => _temporary.Store.Read(db => db.Query<string>("SELECT state FROM deliveries ORDER BY id").ToList());
}
