using System.Text.Json.Nodes;
using Bots.Engine.Sessions;
using Bots.Simulators.Models;
using Microsoft.Extensions.DependencyInjection;
using static Bots.Tests.EndToEnd.Installation;

namespace Bots.Tests.EndToEnd;

/// <summary>What a repository says of itself holds in its sessions.</summary>
public sealed class RepositorySettingsTests
{
    [Fact]
    public async Task Tests_the_repository_allows_run_without_a_button()
    {
        await using var world = await Prepare(Sample.Fix);
        await Commit(world, ".bots.yml", "tools:\n  allow: [\"npm test*\"]\n");
        await world.StartService();

        await world.Mention("fix the failing test");
        await world.Says("1 file");

        world.Slack.Messages(Channel).ShouldAllBe(m => !HasButton(m, "approve_once"));
        var session = world.Service!.Services.GetRequiredService<SessionLog>().Read(world.Store.Read(db => SessionStore.Recent(db, 1))[0].Id, 0);
        session.Select(e => e.Event).OfType<SessionEvent.PermissionAsked>().ShouldBeEmpty();
        session.Select(e => e.Event).OfType<SessionEvent.PermissionDecided>().ShouldContain(d => d.Rule == "allowed by .bots.yml: npm test*");
        (await Checkout.TestsPass(world, world.GitHub.PullRequests(Calculator).Single().Pull!.HeadBranch)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_malformed_file_is_told_with_line_and_column_and_people_are_asked_as_ever()
    {
        await using var world = await Prepare(Sample.Fix);
        await Commit(world, ".bots.yml", "setup: npm ci\ntools:\n  allow: [\"npm test*\"\n");
        await world.StartService();

        await world.Mention("fix the failing test");
        var question = await world.Button("approve_once");
        await world.Slack.Click(Ben, Channel, question.Ts, "approve_once");
        await world.Says("1 file");

        (await world.Says(".bots.yml, line 4, column 1: this is no YAML")).ThreadTs.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_it_denies_is_refused_shown_and_explained_to_the_agent()
    {
        await using var world = await Prepare(
            Sample.Run("^publish", "npm publish --access public", "unreachable"),
            ModelScript.On("Permission was denied", ModelStep.Say("Understood, nothing is published.")));
        await Commit(world, ".bots.yml", "tools:\n  allow: [npm *]\n  deny: [npm publish*]\n");
        await world.StartService();

        await world.Mention("publish it");
        await world.Says("nothing is published");

        world.Models.Requests[^1].Prompt.ShouldContain("denied by .bots.yml: npm publish*");
        await world.Slack.WaitFor(Channel, m => Shown(m).Contains("Denied – denied by .bots.yml: npm publish*", StringComparison.Ordinal), Patience);
        world.Slack.Messages(Channel).ShouldAllBe(m => !HasButton(m, "approve_once"));
    }

    [Fact]
    public async Task A_pull_requests_own_file_allows_nothing()
    {
        await using var world = await Start(Sample.Fix);
        await Commit(world, ".bots.yml", "tools:\n  allow: [\"*\"]\n", "topic");
        var number = (await world.GitHub.OpenPullRequest("ana", Calculator, "Allow everything", "Please", "topic")).Number;

        world.GitHub.Comment("ana", Calculator, number, "@bots fix this");

        await world.Comments(number, "May I run this?");
    }

    [Fact]
    public async Task A_devcontainers_command_runs_after_the_clone_and_what_it_cannot_have_is_told()
    {
        await using var world = await Prepare(ModelScript.On(
            "^look",
            ModelStep.Say("Let me look.").AndCall("bash", new JsonObject { ["command"] = "cat .git/proof", ["description"] = "Looks" }),
            ModelStep.Say(request => request.Results.Any(r => r.Text.Contains("made in /workspace", StringComparison.Ordinal)) ? "There it is." : "Nothing there.")));
        await Commit(world, ".bots.yml", "tools: { allow: [cat *] }\n");
        await Commit(world, ".devcontainer/devcontainer.json", """
            {
              // Made for an editor.
              "build": { "dockerfile": "Dockerfile" },
              "postCreateCommand": ["sh", "-c", "echo made in ${containerWorkspaceFolder} >.git/proof"],
            }
            """);
        await world.StartService();

        await world.Mention("look around");

        await world.Says("There it is.");
        await world.Says(".devcontainer/devcontainer.json: I could not honour build.");
    }

    private static Task Commit(Installation world, string path, string content, string branch = "main") =>
        world.GitHub.Commit(Calculator, branch, new Dictionary<string, string?> { [path] = content }, "Say something of ourselves", "ana");
}
