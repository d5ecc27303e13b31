using System.Text.Json;
using Bots.Engine.Permissions;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Engine.Tests.World;

namespace Bots.Engine.Tests.Turns;

/// <summary>What a repository and the organisation say holds in its turns.</summary>
public sealed class RepositoryRulesTests : IAsyncDisposable
{
    private readonly EngineWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_the_repository_allows_is_not_asked_and_the_log_names_the_rule()
    {
        _world.Forge.Files[".bots.yml"] = "tools: { allow: ['npm test*'] }";
        var (agent, prompt) = await Prompted();

        agent.Ask("npm test -- --silent");

        Outcome(await agent.Answered()).ShouldBe("once");
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
        _world.View().Prompts[0].Permissions.ShouldBeEmpty();
        _world.Events().OfType<SessionEvent.PermissionDecided>().Single().Rule.ShouldBe("allowed by .bots.yml: npm test*");
    }

    [Fact]
    public async Task A_chain_with_something_else_in_it_is_asked()
    {
        _world.Forge.Files[".bots.yml"] = "tools: { allow: ['npm test*'] }";
        var (agent, _) = await Prompted();

        agent.Ask("npm test; curl https://evil.example");

        await _world.Surface.Shows("permission:", "npm test; curl https://evil.example: open");
    }

    [Fact]
    public async Task What_a_rule_denies_is_refused_shown_and_explained_to_the_agent()
    {
        _world.Forge.Files[".bots.yml"] = "tools: { deny: ['execute: git push*'] }";
        var (agent, prompt) = await Prompted();

        agent.Ask("git push origin main");

        Outcome(await agent.Answered()).ShouldBe("reject");
        await _world.Surface.Shows("permission:", "git push origin main: Deny denied by .bots.yml: execute: git push*");
        agent.End(prompt);
        var told = await agent.Prompted();
        told.Text.ShouldContain("- git push origin main: denied by .bots.yml: execute: git push*");
        agent.Say("Understood.");
        agent.End(told);
        await _world.Surface.Shows("prompt:", "Completed Understood.");
        _world.Events().OfType<SessionEvent.PermissionDecided>().Single().Decision.ShouldBe(PermissionDecision.Deny);
    }

    [Fact]
    public async Task An_agent_that_tries_the_same_again_and_again_is_told_once()
    {
        _world.Forge.Files[".bots.yml"] = "tools: { deny: ['execute: git push*'] }";
        var (agent, prompt) = await Prompted();
        agent.Ask("git push");
        await agent.Answered();
        agent.End(prompt);
        var told = await agent.Prompted();
        agent.Ask("git push", "call-2");
        Outcome(await agent.Answered()).ShouldBe("reject");

        agent.End(told);

        await _world.Surface.Shows("prompt:", "Completed");
        agent.Count("session/prompt").ShouldBe(2);
        _world.View().Prompts[0].Permissions.Count.ShouldBe(1);
        _world.Events().OfType<SessionEvent.PermissionDecided>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task The_organisation_has_the_last_word()
    {
        _world.Permissions = new PermissionsOptions { Deny = ["git push*"], Ask = ["npm *"], Allow = ["make"] };
        _world.Forge.Files[".bots.yml"] = "tools: { allow: ['*'] }";
        var (agent, _) = await Prompted();

        agent.Ask("git push");
        Outcome(await agent.Answered()).ShouldBe("reject");
        agent.Ask("make", "call-2");
        Outcome(await agent.Answered()).ShouldBe("once");
        agent.Ask("npm test", "call-3");

        await _world.Surface.Shows("permission:", "npm test: open");
    }

    [Fact]
    public async Task A_remark_is_shown_once_in_a_session_also_after_a_restart()
    {
        _world.Forge.Files[".bots.yml"] = "setup: npm ci\nimag: x\n";
        var (agent, prompt) = await Prompted();
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");
        await _world.Restart(Ending.Crash);
        _world.Forge.Files[".bots.yml"] = "setup: npm ci\nimag: x\nstrat: y\n";
        _world.Clock.Advance(TimeSpan.FromMinutes(3));

        await _world.Ask("again");
        agent.End(await agent.Prompted());

        await _world.Until(() => _world.View().Prompts is [_, { State: PromptState.Completed }]);
        var notes = _world.View().Prompts.Select(p => p.Notes.Where(n => n.StartsWith(".bots.yml", StringComparison.Ordinal)).ToList()).ToList();
        notes[0].ShouldHaveSingleItem().ShouldStartWith(".bots.yml, line 2, column 1: 'imag' is no key");
        notes[1].ShouldHaveSingleItem().ShouldStartWith(".bots.yml, line 3, column 1: 'strat' is no key");
    }

    [Fact]
    public async Task Another_session_of_the_repository_is_told_too()
    {
        _world.Forge.Files[".bots.yml"] = "[no";
        var (agent, prompt) = await Prompted();
        agent.End(prompt);
        await _world.Surface.Shows("prompt:", "Completed");

        await _world.Ask("fix it too", "c2");

        await _world.Until(() => _world.Session("c2") is not null && _world.View("c2").Prompts is [{ Notes: [var note, ..] }] && note.Contains("no YAML", StringComparison.Ordinal));
    }

    private static string? Outcome(JsonElement answer) => answer.GetProperty("result").GetProperty("outcome").GetProperty("optionId").GetString();

    private async Task<(ScriptedAgent Agent, AgentPrompt Prompt)> Prompted()
    {
        await _world.Start();
        await _world.Ask("fix it");
        var agent = await _world.Sandboxes.Started();
        return (agent, await agent.Prompted());
    }
}
