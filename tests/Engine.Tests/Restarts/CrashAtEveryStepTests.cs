using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Restarts;

/// <summary>
/// One request from its delivery to its pull request, with a crash after the first thing the engine does to the world outside,
/// then after the second, and so on. Each time everything must come out as if nothing had happened.
/// </summary>
public sealed class CrashAtEveryStepTests
{
    [Fact]
    public async Task Nothing_is_lost_and_nothing_is_doubled_whenever_the_service_crashes()
    {
        var step = 1;
        while (await Survives(step)) step++;
        step.ShouldBeGreaterThan(50, "there should be that many steps at least");
    }

    /// <returns>False when the engine was done before that step.</returns>
    private static async Task<bool> Survives(int step)
    {
        await using var world = new EngineWorld();
        world.Sandboxes.Make = Play;
        await world.Start(step);
        var first = world.Life;
        var revived = Revive(world);
        try
        {
            await Insist(world, revived, EngineWorld.Request("fix it"), "the request");
            var asked = await world.Surface.Shows("permission:", "npm test: open");
            var permission = new PermissionId(asked.Key["permission:".Length..]);
            await Insist(world, revived, new Inbound.PermissionAnswer { Conversation = EngineWorld.Key("c1"), By = EngineWorld.Ben, Permission = permission, Decision = PermissionDecision.AllowOnce }, "the answer");
            await world.Surface.Shows("prompt:", "Completed Hello\n\nthere");
            await world.Surface.Shows("permission:", "npm test: AllowOnce Ben");
            var survived = first.Spare();
            if (!survived) await revived;
            await world.Ask("more");
            await world.Surface.Shows("prompt:", "Completed More.");
            Check(world);
            return !survived;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"It goes wrong when the engine crashes after step {step}.", e);
        }
    }

    private static void Play(ScriptedAgent agent)
    {
        AgentPrompt? prompt = null;
        agent.Git = Git.Changed;
        agent.OnPrompt = given =>
        {
            prompt = given;
            agent.Say(given.Text == "more" ? "More." : "Hello ");
            if (given.Text == "more") agent.End(given);
            else agent.Ask("npm test");
        };
        agent.OnAnswer = answer =>
        {
            agent.Say("there");
            agent.End(prompt!);
        };
    }

    private static void Check(EngineWorld world)
    {
        world.Surface.Messages.Select(m => m.Key.Split(':')[0]).ShouldBe(["prompt", "permission", "prompt"]);
        world.Sandboxes.All.Sum(a => a.Count("session/prompt")).ShouldBe(2);
        world.Sandboxes.All.Sum(a => a.Answers).ShouldBe(1);
        world.Forge.Opened.Count.ShouldBe(1);
        var events = world.Events();
        string.Concat(events.OfType<SessionEvent.AgentText>().Select(t => t.Text)).ShouldBe("Hello thereMore.");
        events.OfType<SessionEvent.PromptQueued>().Count().ShouldBe(2);
        events.OfType<SessionEvent.PromptFinished>().Select(f => f.State).ShouldBe([PromptState.Completed, PromptState.Completed]);
        events.OfType<SessionEvent.PermissionAsked>().Count().ShouldBe(1);
        events.OfType<SessionEvent.PermissionDecided>().Count().ShouldBe(1);
        events.OfType<SessionEvent.ChangesPushed>().Count().ShouldBe(2);
        events.OfType<SessionEvent.PullRequestOpened>().Count().ShouldBe(1);
        events.OfType<SessionEvent.Noted>().ShouldBeEmpty();
    }

    private static async Task Revive(EngineWorld world)
    {
        await world.Life.Died;
        world.Crash();
        await world.Start();
    }

    /// <summary>Delivers as a surface does: until it is acknowledged.</summary>
    private static async Task Insist(EngineWorld world, Task revived, Inbound inbound, string id)
    {
        var accepted = world.Receive(inbound, id);
        if (await Task.WhenAny(accepted, revived) == accepted) await accepted;
        else await world.Receive(inbound, id);
    }
}
