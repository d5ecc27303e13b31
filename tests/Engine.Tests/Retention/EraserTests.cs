using Bots.Engine.Audit;
using Bots.Engine.Intake;
using Bots.Engine.Prompts;
using Bots.Engine.Retention;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Retention;

/// <summary>After an erasure nothing of somebody's words, name or address is left but what the audit log keeps.</summary>
public sealed class EraserTests : IDisposable
{
    private const string Secret = "my-very-own-words";
    private static readonly Person Ana = new("fake", "ana", "Ana Lima", "ana@acme.example");
    private static readonly WorkTarget Target = new(RepositoryName.Parse("acme/shop"));

    private readonly TemporaryStore _temporary = new();
    private readonly SessionLog _log;
    private readonly SessionStore _sessions;
    private readonly PromptStore _prompts;
    private readonly Eraser _eraser;

    public EraserTests()
    {
        _log = new SessionLog(_temporary.Store, _temporary.Metrics, _temporary.Clock);
        _sessions = new SessionStore(_log, _temporary.Clock);
        _prompts = new PromptStore(new SchedulerOptions(), _log, _temporary.Metrics, _temporary.Clock);
        _eraser = new Eraser(_temporary.Store, _temporary.Clock);
    }

    private IStore Store => _temporary.Store;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Words_name_and_address_are_gone_wherever_they_stood_and_everybody_elses_stay()
    {
        var session = await Session();
        await Ask(session, Ana, Secret, PromptState.Completed);
        await Ask(session, EngineWorld.Ben, "what Ben said", PromptState.Completed, new Material("Ana Lima", "earlier message", Secret), new Material("Carl", "earlier message", "Carl's"));
        await Append(session,
            new SessionEvent.PermissionDecided(PermissionId.New(), PromptId.New(), PermissionDecision.Deny, Ana, null, Secret),
            new SessionEvent.PermissionDecided(PermissionId.New(), PromptId.New(), PermissionDecision.Deny, EngineWorld.Ben, null, "Ben's reason"),
            new SessionEvent.StopAsked(PromptId.New(), Ana));
        await Parked("one", $$"""{"user":"ana","text":"{{Secret}}"}""");
        await Parked("two", """{"user":"banana","text":"fruit"}""");
        var view = _log.View(session);

        var erased = await Erase();

        erased.ShouldBe(new Erased(1, 1, 3, 1));
        Everything().ShouldNotContain(Secret);
        Everything().ShouldNotContain("ana@acme.example");
        Everything().ShouldContain("what Ben said");
        Everything().ShouldContain("Carl's");
        Everything().ShouldContain("Ben's reason");
        Everything().ShouldContain("fruit");
        var after = _log.View(session);
        after.Sequence.ShouldBe(view.Sequence);
        after.Prompts.Select(p => p.Text).ShouldBe([Erasure.Words, "what Ben said"]);
        after.Prompts[0].Author.ShouldBe(new Person("fake", "ana", Erasure.Name));
    }

    [Fact]
    public async Task The_audit_log_still_holds_and_tells_of_the_erasure()
    {
        var session = await Session();
        await Ask(session, Ana, Secret, PromptState.Completed);

        await Erase();

        _temporary.Store.Read(AuditLog.Verify).Sound.ShouldBeTrue();
        var last = _temporary.Store.Read(db => AuditLog.Read(db, 0, 100))[^1];
        last.Kind.ShouldBe("words.erased");
        last.Data.ShouldBe("""{"person":"fake:ana","prompts":1,"quotes":0,"events":1,"deliveries":0}""");
    }

    [Theory]
    [InlineData(PromptState.Queued)]
    [InlineData(PromptState.Running)]
    public async Task Words_that_are_still_needed_are_not_erased(PromptState state)
    {
        await Ask(await Session(), Ana, Secret, state);

        (await Erase()).ShouldBeNull();

        Everything().ShouldContain(Secret);
    }

    [Fact]
    public async Task A_second_erasure_finds_nothing()
    {
        await Ask(await Session(), Ana, Secret, PromptState.Completed);
        await Erase();

        (await Erase()).ShouldBe(new Erased(0, 0, 0, 0));
    }

    private Task<Erased?> Erase() => _eraser.Erase("fake", "ana", TestContext.Current.CancellationToken);

    private Task<SessionId> Session() => Store.Write(write => _sessions.Open(write, EngineWorld.Key("c1"), "opencode", null, Target));

    private Task Ask(SessionId session, Person author, string text, PromptState state, params IReadOnlyList<Material> material) => Store.Write(write =>
    {
        var prompt = PromptStore.Get(write.Db, _prompts.Enqueue(write, session, EngineWorld.Request(text, author: author) with { Material = material }))!;
        if (state != PromptState.Queued) _prompts.Move(write, prompt, PromptState.Queued, PromptState.Running);
        if (state == PromptState.Completed) _prompts.Move(write, prompt, PromptState.Running, PromptState.Completed);
    });

    private Task Append(SessionId session, params SessionEvent[] events) => Store.Write(write => _log.Append(write, session, events));

    private Task Parked(string id, string body) => Store.Write(write => write.Db.Execute(
        "INSERT INTO deliveries (surface, delivery_id, kind, body, received_at, state) VALUES ('fake', @id, 'k', @body, 0, 'parked')", new { id, body = System.Text.Encoding.UTF8.GetBytes(body) }));

    /// <summary>All that the store holds, but for the audit log.</summary>
    private string Everything() => _temporary.Store.Read(db => string.Join('\n',
        from table in db.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'audit%'").ToList()
        from row in db.Query($"SELECT * FROM \"{table}\"").ToList()
        from value in ((IDictionary<string, object?>)row).Values
        select value is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : $"{value}"));
}
