using Bots.Engine.Audit;
using Bots.Engine.Gateway;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Bots.Sandbox;

namespace Bots.Engine.Tests.Gateway;

/// <summary>A connection waits for people, over the whole engine.</summary>
public sealed class EgressGateTests : IAsyncLifetime
{
    private static readonly EgressTarget Registry = new("registry.example", 443);

    private readonly EngineWorld _world = new() { Network = new NetworkOptions { Allow = ["allowed.example"], Deny = ["denied.example"] } };

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_rule_answers_without_asking()
    {
        await Running();

        (await Admit(new("allowed.example", 443))).ShouldBe(new EgressAnswer(true, "Network:Allow has allowed.example"));
        (await Admit(new("denied.example", 22))).ShouldBe(new EgressAnswer(false, "Network:Deny has denied.example"));

        _world.Events().OfType<SessionEvent.PermissionAsked>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Ten_connections_to_the_same_unknown_host_ask_once_and_go_on_together()
    {
        var (agent, prompt) = await Running();

        var waiting = Enumerable.Range(0, 10).Select(_ => Admit(Registry)).ToList();
        var asked = await Asked();
        await _world.Answer(PermissionDecision.AllowOnce, permission: asked.Permission);

        (await Task.WhenAll(waiting)).ShouldAllBe(a => a == new EgressAnswer(true, "Ben allowed it for this turn"));
        (await Admit(Registry)).Allowed.ShouldBeTrue();
        asked.Call.ShouldSatisfyAllConditions(c => c.Kind.ShouldBe("connect"), c => c.Title.ShouldBe("Connect to registry.example:443"));
        _world.Events().OfType<SessionEvent.PermissionAsked>().ShouldHaveSingleItem();
        agent.Answers.ShouldBe(0);
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
        agent.Count("session/prompt").ShouldBe(1);
    }

    [Fact]
    public async Task Once_ends_with_the_turn_and_a_session_does_not()
    {
        var (agent, prompt) = await Running();
        var (once, always) = (Admit(Registry), Admit(new("always.example", 443)));
        await _world.Until(() => _world.Events().OfType<SessionEvent.PermissionAsked>().Count() == 2);
        foreach (var asked in _world.Events().OfType<SessionEvent.PermissionAsked>())
            await _world.Answer(asked.Call.Title.Contains("always", StringComparison.Ordinal) ? PermissionDecision.AllowSession : PermissionDecision.AllowOnce, permission: asked.Permission);
        (await once).Allowed.ShouldBeTrue();
        (await always).Allowed.ShouldBeTrue();
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");

        await _world.Ask("and now");
        await agent.Prompted();
        (await Admit(new("always.example", 443))).ShouldBe(new EgressAnswer(true, "Ben allowed it for this session"));
        var again = Admit(Registry);
        await _world.Until(() => _world.Events().OfType<SessionEvent.PermissionAsked>().Count() == 3);
        again.IsCompleted.ShouldBeFalse();
        await _world.Answer(PermissionDecision.Deny);
        (await again).Allowed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_denied_host_stays_denied_for_the_turn_with_its_reason()
    {
        var (agent, prompt) = await Running();
        var waiting = Admit(Registry);
        await Asked();

        await _world.Answer(PermissionDecision.Deny, "use the mirror");

        (await waiting).ShouldBe(new EgressAnswer(false, "Ben denied it: use the mirror"));
        (await Admit(Registry)).ShouldBe(new EgressAnswer(false, "Ben denied it: use the mirror"));
        _world.Events().OfType<SessionEvent.PermissionAsked>().ShouldHaveSingleItem();
        // The refused connection told it; the agent is not prompted again over it.
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
        agent.Count("session/prompt").ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_running_turn_nobody_is_asked()
    {
        var (agent, prompt) = await Running();
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");

        (await Admit(Registry)).ShouldSatisfyAllConditions(a => a.Allowed.ShouldBeFalse(), a => a.Why.ShouldContain("no turn is running"));
        (await Gate.Admit(Caller() with { Session = null }, Registry, TestContext.Current.CancellationToken)).Allowed.ShouldBeFalse();

        _world.Events().OfType<SessionEvent.PermissionAsked>().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_end_of_the_turn_ends_the_waiting()
    {
        var (agent, prompt) = await Running();
        var waiting = Admit(Registry);
        await Asked();

        agent.End(prompt);

        (await waiting.Within("the refusal")).Allowed.ShouldBeFalse();
        await _world.Surface.Shows("prompt:", "Completed");
    }

    [Fact]
    public async Task A_stop_ends_the_waiting()
    {
        await Running();
        var waiting = Admit(Registry);
        await Asked();

        await _world.Stop("c1");

        (await waiting.Within("the refusal")).Allowed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_request_nobody_answers_is_denied_in_time()
    {
        await Running();
        var waiting = Admit(Registry);
        await Asked();

        await _world.Clock.Armed(TimeSpan.FromMinutes(30));
        _world.Clock.Advance(TimeSpan.FromMinutes(30));

        (await waiting.Within("the refusal")).ShouldBe(new EgressAnswer(false, "nobody allowed it in time"));
    }

    [Fact]
    public async Task A_restart_keeps_the_question_and_a_connection_that_comes_again_waits_for_it()
    {
        await Running();
        var lost = Admit(Registry);
        await Asked();
        await _world.Restart(Ending.Crash);

        var again = Admit(Registry);
        await _world.Answer(PermissionDecision.AllowOnce);

        (await again.Within("the answer")).Allowed.ShouldBeTrue();
        lost.IsCompleted.ShouldBeFalse();
        _world.Events().OfType<SessionEvent.PermissionAsked>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_caller_that_left_waits_no_longer_and_the_answer_counts_for_the_next()
    {
        await Running();
        using var left = new CancellationTokenSource();
        var waiting = Gate.Admit(Caller(), Registry, left.Token);
        await Asked();

        await left.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await _world.Answer(PermissionDecision.AllowOnce);
        await _world.Logged<SessionEvent.PermissionDecided>();
        (await Admit(Registry)).Allowed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_flood_of_hosts_asks_about_twenty()
    {
        await Running();
        using var over = new CancellationTokenSource();
        for (var i = 0; i < EgressGate.MostQuestions; i++) _ = Gate.Admit(Caller(), new($"h{i}.example", 443), over.Token);
        await _world.Until(() => _world.Events().OfType<SessionEvent.PermissionAsked>().Count() == EgressGate.MostQuestions);

        (await Admit(Registry)).ShouldSatisfyAllConditions(a => a.Allowed.ShouldBeFalse(), a => a.Why.ShouldContain("20 other hosts"));
        await over.CancelAsync();
    }

    [Fact]
    public async Task The_way_of_a_prompt_is_in_the_audit_log()
    {
        var (agent, prompt) = await Running();
        var waiting = Admit(Registry);
        await Asked();
        await _world.Answer(PermissionDecision.AllowOnce);
        await waiting;
        await _world.Get<IGatewayAccess>().RecordUsage(_world.Session()!.Value, "test", "model", new TokenUsage(10, 5, 2, 1), TestContext.Current.CancellationToken);
        await _world.Get<IGatewayAccess>().RecordUsage(_world.Session()!.Value, "test", "model", new TokenUsage(1, 1), TestContext.Current.CancellationToken);
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");

        var rows = _world.Store.Read(db => AuditLog.Read(db, 0, 100));
        rows.Select(r => $"{r.Kind} {r.Actor}").ShouldBe(["prompt.accepted fake:ana", "sandbox.started service", "permission.decided fake:ben", "prompt.finished service"]);
        rows[2].Data.ShouldContain("Connect to registry.example:443");
        rows[3].Data.ShouldContain("""{"model":"test/model","credential":"key of test","calls":2,"input":11,"output":6,"cacheRead":2,"cacheWrite":1}""");
        _world.Store.Read(AuditLog.Verify).Sound.ShouldBeTrue();
    }

    private IEgressGate Gate => _world.Get<IEgressGate>();

    private GatewayCaller Caller() => new(new SandboxId("sbx_1"), _world.Session()!.Value, RepositoryName.Parse("acme/calculator"), "bots/x");

    private Task<EgressAnswer> Admit(EgressTarget target) => Gate.Admit(Caller(), target, TestContext.Current.CancellationToken);

    private async Task<SessionEvent.PermissionAsked> Asked()
    {
        await _world.Logged<SessionEvent.PermissionAsked>();
        return _world.Events().OfType<SessionEvent.PermissionAsked>().First();
    }

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Running()
    {
        await _world.Ask("test it");
        var agent = await _world.Sandboxes.Started();
        return (agent, await agent.Prompted());
    }
}
