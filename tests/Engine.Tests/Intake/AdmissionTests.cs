using Bots.Engine.Intake;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Intake;

/// <summary>How much work is admitted, in which order it runs, and what people read when there is no room.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public async Task When_too_many_wait_everywhere_people_are_told_and_nothing_is_queued()
    {
        await using var world = await World(new() { MaxConcurrent = 1, MaxQueued = 2 });
        await Queue(world, ["c1", "c2", "c3"]);
        await world.Ask("one too many", "c4");

        (await world.Surface.Shows("notice:", _ => true)).Content.ShouldBe("I have 2 requests waiting and can't take more right now. Please try again later.");
        world.Session("c4").ShouldBeNull();
    }

    [Fact]
    public async Task When_too_many_wait_in_one_session_people_are_told_there()
    {
        await using var world = await World(new() { MaxPerSession = 2 });
        await Queue(world, ["c1", "c1", "c1"]);
        await world.Ask("one too many", "c1");

        (await world.Surface.Shows("notice:", _ => true)).Content.ShouldBe("There are already 2 requests waiting here. Please wait for some of them, or stop the running one.");
        world.View().Prompts.Count.ShouldBe(3);
        await Queue(world, ["elsewhere"]);
    }

    [Fact]
    public async Task There_is_room_again_as_soon_as_one_is_over()
    {
        await using var world = await World(new() { MaxPerSession = 1 });
        await Queue(world, ["c1"]);
        var agent = await world.Sandboxes.Started();
        var first = await agent.Prompted();
        await Queue(world, ["c1"]);
        agent.End(first);
        await agent.Prompted();

        await Queue(world, ["c1"]);

        world.View().Prompts.Select(p => p.State).ShouldBe([PromptState.Completed, PromptState.Running, PromptState.Queued]);
    }

    [Fact]
    public async Task No_more_run_at_the_same_time_than_there_are_places()
    {
        await using var world = await World(new() { MaxConcurrent = 2 });
        await Queue(world, ["c1", "c2", "c3"]);
        var first = await world.Sandboxes.Started();
        var prompt = await first.Prompted();
        await (await world.Sandboxes.Started()).Prompted();
        world.Sandboxes.All.Count.ShouldBe(2);
        world.View("c3").Prompts[0].State.ShouldBe(PromptState.Queued);

        first.End(prompt);

        await (await world.Sandboxes.Started()).Prompted();
    }

    [Fact]
    public async Task Nobody_gets_more_than_their_share_but_others_go_past_them()
    {
        await using var world = await World(new() { MaxPerUser = 1 });
        await Queue(world, ["c1"]);
        var agent = await world.Sandboxes.Started();
        await Queue(world, ["c2"]);
        await Ask(world, "ben's", "c3", EngineWorld.Ben);

        world.View("c2").Prompts[0].State.ShouldBe(PromptState.Queued);
        world.View("c3").Prompts[0].State.ShouldBe(PromptState.Running);
        agent.End(await agent.Prompted());
        await world.Until(() => world.View("c2").Prompts[0].State == PromptState.Running);
    }

    [Fact]
    public async Task Nobody_overtakes_within_a_session()
    {
        await using var world = await World(new() { MaxPerUser = 1 });
        await Queue(world, ["c1"]);
        var anas = await world.Sandboxes.Started();
        await Ask(world, "bens first", "c2", EngineWorld.Ben);
        await Ask(world, "anas second", "c2", EngineWorld.Ana);
        await Ask(world, "bens third", "c2", EngineWorld.Ben);
        var bens = await world.Sandboxes.Started();
        bens.End(await bens.Prompted());
        await world.Until(() => world.View("c2").Prompts[0].IsOver);

        await Ask(world, "something new", "c3", EngineWorld.Ben);
        await world.Until(() => world.View("c3").Prompts[0].State == PromptState.Running);
        world.View("c2").Prompts.Select(p => p.State).ShouldBe([PromptState.Completed, PromptState.Queued, PromptState.Queued]);

        anas.End(await anas.Prompted());
        (await bens.Prompted()).Text.ShouldBe("anas second");
    }

    [Fact]
    public async Task People_read_how_many_are_before_them()
    {
        await using var world = await World(new() { MaxConcurrent = 1 });
        await Queue(world, ["c1", "c1", "c1", "c2", "c3"]);

        world.View("c1").Prompts.Select(p => p.Ahead).ShouldBe([0, 1, 2]);
        world.View("c2").Prompts[0].Ahead.ShouldBe(3);
        world.View("c3").Prompts[0].Ahead.ShouldBe(4);
    }

    [Fact]
    public async Task Nobody_is_before_them_while_there_are_free_places()
    {
        await using var world = await World(new() { MaxConcurrent = 2 });
        await Queue(world, ["c1", "c1", "c2"]);

        world.View("c2").Prompts[0].Ahead.ShouldBe(0);
    }

    [Fact]
    public async Task A_prompt_that_waits_for_its_repository_keeps_nobody_from_running()
    {
        await using var world = await World(new() { MaxConcurrent = 1 });
        world.Forge.Known.Add(new() { Name = RepositoryName.Parse("acme/website") });
        await Queue(world, ["c1"]);
        await world.Ask("fix the website", "c2");

        await (await world.Sandboxes.Started()).Prompted();
        world.View("c2").Prompts[0].State.ShouldBe(PromptState.Running);
    }

    private static Task<EngineWorld> World(SchedulerOptions options) => new EngineWorld { Scheduler = options }.Start();

    private static async Task Queue(EngineWorld world, string[] conversations)
    {
        foreach (var conversation in conversations) await Ask(world, "fix it", conversation, EngineWorld.Ana);
    }

    /// <summary>Ends when it was taken in, and runs if it may.</summary>
    private static async Task Ask(EngineWorld world, string text, string conversation, Person author)
    {
        var id = Guid.NewGuid().ToString();
        await world.Receive(EngineWorld.Request(text, conversation, author), id);
        await world.Taken(id);
        await world.Until(() => world.Store.Read(world.Get<PromptStore>().NextRunnable) is null, "the scheduler's rest");
    }
}
