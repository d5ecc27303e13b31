using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Restarts;

/// <summary>
/// A crash after the first thing the engine does to the world outside, then after the second, and so on. Each time everything
/// must come out as if nothing had happened.
/// </summary>
public abstract class CrashAtEveryStepTests
{
    /// <summary>Says what is expected of "more", and plays something else for the rest.</summary>
    private static void Play(ScriptedAgent agent, Action<AgentPrompt> otherwise)
    {
        agent.Git = Git.Changed;
        agent.OnPrompt = prompt =>
        {
            if (prompt.Text != "more")
            {
                otherwise(prompt);
                return;
            }

            agent.Say("More.");
            agent.End(prompt);
        };
    }

    private static void ShouldHaveRunOnce(EngineWorld world, params PromptState[] states)
    {
        world.Sandboxes.All.Sum(a => a.Count("session/prompt")).ShouldBe(2);
        world.Events().OfType<SessionEvent.PromptQueued>().Count().ShouldBe(2);
        world.Events().OfType<SessionEvent.PromptStarted>().Count().ShouldBe(2);
        world.Events().OfType<SessionEvent.PromptFinished>().Select(f => f.State).ShouldBe(states);
        world.Events().OfType<SessionEvent.Noted>().ShouldBeEmpty();
        world.Forge.Opened.Count.ShouldBe(1);
        world.Events().OfType<SessionEvent.PullRequestOpened>().Count().ShouldBe(1);
    }

    private static string Said(EngineWorld world) => string.Concat(world.Events().OfType<SessionEvent.AgentText>().Select(t => t.Text));

    public sealed class Of_a_request_with_a_permission_and_a_pull_request : CrashAtEveryStepTests
    {
        [Fact]
        public async Task Nothing_is_lost_and_nothing_is_doubled()
        {
            var steps = await Phoenix.Everywhere(
                agent =>
                {
                    AgentPrompt? prompt = null;
                    Play(agent, given =>
                    {
                        prompt = given;
                        agent.Say("Hello ");
                        agent.Ask("npm test");
                    });
                    agent.OnAnswer = _ =>
                    {
                        agent.Say("there");
                        agent.End(prompt!);
                    };
                },
                async phoenix =>
                {
                    await phoenix.Deliver(EngineWorld.Request("fix it"), "the request");
                    var asked = await phoenix.World.Surface.Shows("permission:", "npm test: open");
                    var permission = new PermissionId(asked.Key["permission:".Length..]);
                    await phoenix.Deliver(new Inbound.PermissionAnswer { Conversation = EngineWorld.Key("c1"), By = EngineWorld.Ben, Permission = permission, Decision = PermissionDecision.AllowOnce }, "the answer");
                    await phoenix.World.Surface.Shows("prompt:", "Completed Hello\n\nthere");
                    await phoenix.World.Surface.Shows("permission:", "npm test: AllowOnce Ben");
                },
                world =>
                {
                    ShouldHaveRunOnce(world, PromptState.Completed, PromptState.Completed);
                    Said(world).ShouldBe("Hello thereMore.");
                    world.Surface.Messages.Select(m => m.Key.Split(':')[0]).ShouldBe(["prompt", "permission", "prompt"]);
                    world.Sandboxes.All.Sum(a => a.Answers).ShouldBe(1);
                    world.Events().OfType<SessionEvent.PermissionAsked>().Count().ShouldBe(1);
                    world.Events().OfType<SessionEvent.PermissionDecided>().Count().ShouldBe(1);
                    world.Events().OfType<SessionEvent.ChangesPushed>().Count().ShouldBe(2);
                });

            steps.ShouldBeGreaterThan(60);
        }
    }

    public sealed class Of_a_request_that_is_stopped : CrashAtEveryStepTests
    {
        [Fact]
        public async Task It_is_cancelled_once_and_nothing_of_it_is_published()
        {
            var steps = await Phoenix.Everywhere(
                agent => Play(agent, _ =>
                {
                    agent.Say("Hello");
                    agent.Plan();
                }),
                async phoenix =>
                {
                    await phoenix.Deliver(EngineWorld.Request("fix it"), "the request");
                    await phoenix.World.Surface.Shows("prompt:", "Running Hello");
                    await phoenix.Deliver(new Inbound.StopRequest(EngineWorld.Key("c1"), null, EngineWorld.Ben), "the stop");
                    await phoenix.World.Surface.Shows("prompt:", "Cancelled Hello");
                },
                world =>
                {
                    ShouldHaveRunOnce(world, PromptState.Cancelled, PromptState.Completed);
                    Said(world).ShouldBe("HelloMore.");
                    world.Surface.Messages.Select(m => m.Key.Split(':')[0]).ShouldBe(["prompt", "prompt"]);
                    world.Events().OfType<SessionEvent.StopAsked>().Count().ShouldBe(1);
                    world.Events().OfType<SessionEvent.ChangesPushed>().Count().ShouldBe(1);
                });

            steps.ShouldBeGreaterThan(40);
        }
    }
}
