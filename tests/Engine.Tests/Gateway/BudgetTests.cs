using Bots.Engine.Gateway;
using Bots.Engine.Intake;
using Bots.Engine.Models;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;
using Dapper;

namespace Bots.Engine.Tests.Gateway;

/// <summary>Money runs out while an agent works. A million tokens of <c>test/model</c> cost one dollar.</summary>
public sealed class BudgetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_go_at_once_while_there_is_money()
    {
        await using var world = await World(new() { Session = new() { Hard = 5 } });
        var (_, _, caller) = await Working(world);
        await Spend(world, caller, 4.99m);

        (await Admit(world, caller)).ShouldBe(BudgetVerdict.Go.Now);

        world.Events().OfType<SessionEvent.Noted>().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_thread_is_told_once_when_the_soft_limit_is_reached()
    {
        await using var world = await World(new() { Session = new() { Soft = 4, Hard = 5 } });
        var (_, _, caller) = await Working(world);

        foreach (var cost in new[] { 3.99m, 0.5m, 0.25m }) await Spend(world, caller, cost);

        world.Events().OfType<SessionEvent.Noted>().Select(note => note.Text).ShouldBe(["This session has spent $4.49 of its budget, $5.00."]);
    }

    [Fact]
    public async Task At_the_hard_limit_a_call_waits_until_somebody_extends_the_budget()
    {
        await using var world = await World(new() { Session = new() { Hard = 5, Extension = 2 } });
        var (agent, prompt, caller) = await Working(world);
        await Spend(world, caller, 5);

        var waiting = Admit(world, caller);
        await world.Logged<SessionEvent.PermissionAsked>();
        waiting.IsCompleted.ShouldBeFalse();
        world.Events().OfType<SessionEvent.PermissionAsked>().Single().Words.ShouldBe(
            new PermissionWords("This session reached its budget of $5.00. Extend it by $2.00?", "Extend by $2.00", null, "Stop"));
        await world.Answer(PermissionDecision.AllowOnce);

        (await waiting.Within("the call's release")).ShouldBe(BudgetVerdict.Go.Now);
        agent.Answers.ShouldBe(0, "the agent asked nothing");
        await Spend(world, caller, 1.99m);
        (await Admit(world, caller)).ShouldBe(BudgetVerdict.Go.Now);
        await Spend(world, caller, 0.01m);
        var again = Admit(world, caller);
        await world.Until(() => world.Events().OfType<SessionEvent.PermissionAsked>().Count() == 2);
        world.Events().OfType<SessionEvent.PermissionAsked>().Last().Words!.Question.ShouldBe("This session reached its budget of $7.00. Extend it by $2.00?");
        await world.Answer(PermissionDecision.AllowOnce);
        await again.Within("the call's release");
        agent.End(prompt);
        await world.Surface.Shows("prompt:", "Completed");
    }

    [Fact]
    public async Task Calls_that_wait_together_are_asked_for_once()
    {
        await using var world = await World(new() { Session = new() { Hard = 5 } });
        var (_, _, caller) = await Working(world);
        await Spend(world, caller, 5);

        var waiting = new[] { Admit(world, caller), Admit(world, caller), Admit(world, caller) };
        await world.Logged<SessionEvent.PermissionAsked>();
        await world.Answer(PermissionDecision.AllowOnce);

        (await Task.WhenAll(waiting).Within("the calls' release")).ShouldAllBe(verdict => verdict is BudgetVerdict.Go);
        world.Events().OfType<SessionEvent.PermissionAsked>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Who_does_not_extend_it_ends_the_turn_with_the_cause()
    {
        await using var world = await World(new() { Session = new() { Hard = 5 } });
        var (_, _, caller) = await Working(world);
        await Spend(world, caller, 5);

        var waiting = Admit(world, caller);
        await world.Logged<SessionEvent.PermissionAsked>();
        await world.Answer(PermissionDecision.Deny);

        const string cause = "This session reached its budget of $5.00, and Ben did not extend it. Whoever runs this service can raise `Models:Budgets:Session:Hard`.";
        (await waiting.Within("the call's end")).ShouldBe(new BudgetVerdict.Over(cause));
        await world.Logged<SessionEvent.PromptFinished>();
        world.Events().OfType<SessionEvent.PromptFinished>().Single().ShouldSatisfyAllConditions(end => end.State.ShouldBe(PromptState.Failed), end => end.Cause.ShouldBe(cause));
    }

    [Fact]
    public async Task A_question_nobody_answers_ends_the_turn()
    {
        await using var world = await World(new() { Session = new() { Hard = 5 } });
        var (_, _, caller) = await Working(world);
        await Spend(world, caller, 5);

        // As an agent does: it calls again whenever it is told to.
        async Task<BudgetVerdict> Insist()
        {
            BudgetVerdict verdict;
            do verdict = await Admit(world, caller);
            while (verdict is BudgetVerdict.Later);
            return verdict;
        }

        var end = Insist();
        await world.Logged<SessionEvent.PermissionAsked>();
        await world.Clock.Armed(TimeSpan.FromMinutes(30));
        world.Clock.Advance(TimeSpan.FromMinutes(31));

        (await end.Within("the call's end")).ShouldBeOfType<BudgetVerdict.Over>().Cause.ShouldStartWith("This session reached its budget of $5.00, and nobody extended it in time.");
        await world.Logged<SessionEvent.PromptFinished>();
        world.Events().OfType<SessionEvent.PermissionAsked>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_call_is_held_no_longer_than_an_agent_waits()
    {
        await using var world = await World(new() { Session = new() { Hard = 5 } });
        var (_, _, caller) = await Working(world);
        await Spend(world, caller, 5);

        var waiting = Admit(world, caller);
        await world.Pass(ModelBudgets.Hold, waiting);

        (await waiting).ShouldBe(new BudgetVerdict.Later("This session reached its budget of $5.00; people are asked to extend it."));
    }

    [Fact]
    public async Task A_budget_that_cannot_be_extended_ends_the_turn_at_once()
    {
        await using var world = await World(new() { Day = new() { Hard = 5, Extension = 0 } });
        var (_, _, caller) = await Working(world);
        await Spend(world, caller, 5);

        (await Admit(world, caller)).ShouldBe(new BudgetVerdict.Over("All work together reached the budget of one day of $5.00. Whoever runs this service can raise `Models:Budgets:Day:Hard`."));
        await world.Logged<SessionEvent.PromptFinished>();
        world.Events().OfType<SessionEvent.PermissionAsked>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_restart_loses_neither_the_question_nor_the_answer(Ending ending)
    {
        await using var world = await World(new() { Session = new() { Hard = 5 } });
        var (_, _, caller) = await Working(world);
        await Spend(world, caller, 5);
        using (var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        {
            var before = world.Get<IModelBudgets>().Admit(caller.Session!.Value, caller.Repository, gone.Token);
            await world.Logged<SessionEvent.PermissionAsked>();
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(before);
        }

        await world.Restart(ending);
        var waiting = Admit(world, caller);
        await world.Answer(PermissionDecision.AllowOnce);

        (await waiting.Within("the call's release")).ShouldBe(BudgetVerdict.Go.Now);
        world.Events().OfType<SessionEvent.PermissionAsked>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Everybody_who_waits_for_the_same_budget_goes_on_when_one_session_extends_it()
    {
        await using var world = await World(new() { Day = new() { Hard = 5, Extension = 3 } });
        var (_, _, first) = await Working(world);
        var (_, _, second) = await Working(world, "c2");
        await Spend(world, first, 2.5m);
        await Spend(world, second, 2.5m);

        var waiting = new[] { Admit(world, first), Admit(world, second) };
        await world.Logged<SessionEvent.PermissionAsked>();
        await world.Logged<SessionEvent.PermissionAsked>("c2");
        await world.Answer(PermissionDecision.AllowOnce);

        (await Task.WhenAll(waiting).Within("the calls' release")).ShouldAllBe(verdict => verdict is BudgetVerdict.Go);
        world.Events("c2").OfType<SessionEvent.PermissionDecided>().Single().Rule.ShouldBe("extended elsewhere");
        world.Store.Read(db => Spending.Extended(db, "day:" + world.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd"))).ShouldBe(3);
    }

    [Fact]
    public async Task A_day_ends_at_midnight()
    {
        await using var world = await World(new() { User = new() { Hard = 5 } });
        var (_, _, caller) = await Working(world);
        await Spend(world, caller, 5);

        var waiting = Admit(world, caller);
        await world.Logged<SessionEvent.PermissionAsked>();
        world.Events().OfType<SessionEvent.PermissionAsked>().Single().Words!.Question.ShouldBe("Ana reached the daily budget of one person of $5.00. Extend it by $5.00?");
        await world.Answer(PermissionDecision.AllowOnce);
        await waiting.Within("the call's release");
        var today = world.Clock.GetUtcNow();
        world.Clock.Advance(today.UtcDateTime.Date.AddDays(1) - today.UtcDateTime);

        world.Store.Read(db => Budget.Of(world.Models.Budgets, caller.Session!.Value, caller.Repository, Engine.Prompts.PromptStore.RunningIn(db, caller.Session!.Value), world.Clock.GetUtcNow())
            .Sum(budget => budget.Setting == "Session" ? 0 : Spending.Of(db, budget.Key))).ShouldBe(0);
    }

    [Fact]
    public async Task An_unknown_price_counts_as_nothing_and_is_said_once()
    {
        await using var world = await World(new() { Session = new() { Hard = 0.01m } });
        var (_, _, caller) = await Working(world);

        for (var call = 0; call < 3; call++) await world.Get<IGatewayAccess>().RecordUsage(caller.Session!.Value, "test", "unheard-of", new TokenUsage(1_000_000, 0), Cancellation);

        (await Admit(world, caller)).ShouldBe(BudgetVerdict.Go.Now);
        world.Events().OfType<SessionEvent.Noted>().Single().Text.ShouldStartWith("The price of test/unheard-of is not known");
        world.Store.Read(db => db.QuerySingle<(long Calls, long Input)>("SELECT COUNT(*), SUM(input) FROM usage WHERE cost IS NULL")).ShouldBe((3, 3_000_000));
    }

    /// <summary>Agents may be silent for longer than a question is open: a clock that jumps over both would end the turn for whichever is seen first.</summary>
    private static async Task<EngineWorld> World(BudgetsOptions budgets) => await new EngineWorld
    {
        Silence = TimeSpan.FromHours(1),
        Models = new ModelsOptions { Default = "test/model", Budgets = budgets, Prices = new Dictionary<string, ModelPrice> { ["test/model"] = new(1, 1) } },
    }.Start();

    private static async Task<(ScriptedAgent Agent, AgentPrompt Prompt, GatewayCaller Caller)> Working(EngineWorld world, string conversation = "c1")
    {
        await world.Ask("fix it", conversation);
        var agent = await world.Sandboxes.Started();
        var prompt = await agent.Prompted();
        var target = world.View(conversation).Target!;
        return (agent, prompt, new GatewayCaller(agent.Sandbox, world.Session(conversation)!.Value, target.Repository, target.Branch!));
    }

    private static Task Spend(EngineWorld world, GatewayCaller caller, decimal dollars) =>
        world.Get<IGatewayAccess>().RecordUsage(caller.Session!.Value, "test", "model", new TokenUsage((long)(dollars * 1_000_000), 0), Cancellation);

    private static Task<BudgetVerdict> Admit(EngineWorld world, GatewayCaller caller) => world.Get<IModelBudgets>().Admit(caller.Session!.Value, caller.Repository, Cancellation);
}
