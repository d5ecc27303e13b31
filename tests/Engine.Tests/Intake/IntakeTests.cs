using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Intake;

/// <summary>What each kind of request does, and what people are told when it does nothing.</summary>
public sealed class IntakeTests : IAsyncLifetime
{
    private readonly EngineWorld _world = new();

    public async ValueTask InitializeAsync() => await _world.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_repository_the_bot_has_no_access_to_is_named_in_the_answer()
    {
        await _world.Ask("fix repo:secret/place");

        (await Told()).ShouldStartWith("I have no access to secret/place.");
        _world.Session().ShouldBeNull();
    }

    [Fact]
    public async Task Without_any_repository_people_are_told_what_to_do()
    {
        _world.Forge.Known.Clear();
        await _world.Ask("fix it");

        (await Told()).ShouldStartWith("I don't know any repository yet.");
        _world.Session().ShouldBeNull();
    }

    [Fact]
    public async Task An_ambiguous_request_waits_for_a_choice_and_then_runs()
    {
        var session = await Ambiguous();
        _world.Sandboxes.All.ShouldBeEmpty();

        await Choose(session, "acme/website", EngineWorld.Ben);

        var agent = await _world.Sandboxes.Started();
        (await agent.Prompted()).Text.ShouldBe("fix it");
        await _world.Surface.Shows("choose", "chosen acme/website");
        _world.View().TargetReason.ShouldBe("chosen by Ben");
        _world.View().Target!.Branch!.ShouldStartWith("bots/fix-it-");
    }

    [Fact]
    public async Task The_second_to_choose_is_told_that_somebody_was_faster()
    {
        var session = await Ambiguous();

        await Choose(session, "acme/website", EngineWorld.Ben);
        await Choose(session, "acme/calculator", EngineWorld.Ana);

        (await Told()).ShouldBe("Somebody was faster: I'm working in acme/website already.");
        _world.View().Target!.Repository.Name.ShouldBe("website");
        _world.Events().OfType<SessionEvent.RepositoryChosen>().Count().ShouldBe(1);
    }

    [Fact]
    public async Task What_was_not_among_the_choices_is_not_taken()
    {
        var session = await Ambiguous();

        await Choose(session, "secret/place", EngineWorld.Ben);

        (await Told()).ShouldBe("secret/place was not one of the choices.");
        _world.View().Target.ShouldBeNull();
        _world.View().Candidates.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_choice_for_a_session_that_is_gone_is_told()
    {
        await Choose(SessionId.New(), "acme/website", EngineWorld.Ben);

        (await Told()).ShouldBe("That request is gone. Please mention me again.");
    }

    [Theory]
    [InlineData(Ending.Stop)]
    [InlineData(Ending.Crash)]
    public async Task A_choice_can_still_be_made_after_a_restart(Ending ending)
    {
        var session = await Ambiguous();

        await _world.Restart(ending);
        await Choose(session, "acme/website", EngineWorld.Ben);

        await _world.Surface.Shows("choose", "chosen acme/website");
        _world.Surface.Messages.Count(m => m.Key == "choose").ShouldBe(1);
        await (await _world.Sandboxes.Started()).Prompted();
    }

    [Fact]
    public async Task Words_that_are_not_addressed_to_the_bot_start_nothing()
    {
        await _world.Receive(EngineWorld.Request("just talking") with { MayStart = false }, "d1");

        (await _world.Taken("d1")).ShouldBe("not addressed to us");
        _world.Reader.Reads.ShouldBeEmpty();
        _world.Session().ShouldBeNull();
        _world.Surface.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Words_of_which_that_could_not_be_told_before_start_nothing_either()
    {
        _world.Reader.TellsReplies = false;
        await _world.Receive(EngineWorld.Request("just talking") with { MayStart = false }, "d1");

        (await _world.Taken("d1")).ShouldBe("not addressed to us");
        _world.Reader.Reads.ShouldBe(["d1"]);
        _world.Session().ShouldBeNull();
    }

    [Fact]
    public async Task In_a_conversation_of_a_session_words_go_on_with_it()
    {
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());

        await _world.Receive(EngineWorld.Request("and the docs too") with { MayStart = false });

        (await agent.Prompted()).Text.ShouldBe("and the docs too");
    }

    [Fact]
    public async Task Material_an_agent_was_given_is_not_given_again_but_new_material_is()
    {
        await _world.Receive(EngineWorld.Request("fix it") with { Material = [new("Ben", "earlier message in the thread", "it fails")] });
        var agent = await _world.Sandboxes.Started();
        agent.End(await agent.Prompted());
        await _world.Receive(EngineWorld.Request(""));
        agent.End(await agent.Prompted());

        await _world.Receive(EngineWorld.Request("more") with { Material = [new("Ben", "earlier message in the thread", "it fails"), new("Ana", "earlier message in the thread", "since noon")] });

        var text = (await agent.Prompted()).Text;
        text.ShouldNotContain("it fails");
        text.ShouldContain("> since noon");
    }

    [Fact]
    public async Task A_request_that_names_its_place_needs_no_classifier()
    {
        _world.Forge.Known.Clear();
        await _world.Receive(EngineWorld.Request("fix it") with { Target = new WorkTarget(RepositoryName.Parse("acme/other"), "feature", "main", 7) });

        var agent = await _world.Sandboxes.Started();
        agent.Git = Git.Changed;
        agent.End(await agent.Prompted());

        await _world.Surface.Shows("prompt:", "Completed");
        _world.View().Target.ShouldBe(new WorkTarget(RepositoryName.Parse("acme/other"), "feature", "main", 7));
        _world.Forge.Opened.ShouldBeEmpty("it has a pull request already");
    }

    private async Task<SessionId> Ambiguous()
    {
        _world.Forge.Known.Add(new() { Name = RepositoryName.Parse("acme/website") });
        await _world.Ask("fix it");
        await _world.Surface.Shows("choose", "acme/calculator,acme/website");
        await _world.Surface.Shows("prompt:", "Queued");
        return _world.Session()!.Value;
    }

    private Task<bool> Choose(SessionId session, string repository, Person by) =>
        _world.Receive(new Inbound.RepositoryChoice(EngineWorld.Key("c1"), session, RepositoryName.Parse(repository), by));

    private async Task<string> Told() => (await _world.Surface.Shows("notice:", _ => true)).Content;
}
