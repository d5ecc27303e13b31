using System.Net;
using System.Text.Json.Nodes;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.Tests.GitHub;

public sealed class CommentTests
{
    private const string Comments = "repos/acme/shop/issues/1/comments";

    [Fact]
    public async Task The_app_comments_as_its_bot_user()
    {
        await using var hub = await WithIssue();

        var answer = await hub.Call("POST", Comments, """{"body":"On it."}""");

        answer.Status.ShouldBe(HttpStatusCode.Created);
        answer.Json["user"]!["login"]!.GetValue<string>().ShouldBe("bots[bot]");
        answer.Json["user"]!["type"]!.GetValue<string>().ShouldBe("Bot");
        answer.Json["performed_via_github_app"]!["id"]!.GetValue<long>().ShouldBe(1001);
        answer.Headers["Location"].ShouldBe(answer.Json["url"]!.GetValue<string>());
        hub.Simulator.Comments(Hub.Shop, 1).Single().Body.ShouldBe("On it.");
    }

    [Fact]
    public async Task A_body_of_65536_characters_fits_and_one_more_does_not()
    {
        await using var hub = await WithIssue();

        (await hub.Call("POST", Comments, Body(new string('x', 65_536)))).Status.ShouldBe(HttpStatusCode.Created);
        var over = await hub.Call("POST", Comments, Body(new string('x', 65_537)));

        over.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        over.Message.ShouldBe("Validation Failed");
        over.Json["errors"]![0]!["message"]!.GetValue<string>().ShouldBe("Body is too long (maximum is 65536 characters)");
        hub.Simulator.Comments(Hub.Shop, 1).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task A_blank_body_is_refused_when_creating_and_when_editing(string body)
    {
        await using var hub = await WithIssue();
        var comment = hub.Simulator.Comment("ada", Hub.Shop, 1, "Really.");

        (await hub.Call("POST", Comments, Body(body))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var edit = await hub.Call("PATCH", $"repos/acme/shop/issues/comments/{comment.Id}", Body(body));

        edit.Json["errors"]![0]!["message"]!.GetValue<string>().ShouldBe("body cannot be blank");
    }

    [Fact]
    public async Task Edits_are_counted_and_what_was_before_is_kept()
    {
        await using var hub = await WithIssue();
        var id = (await hub.Call("POST", Comments, Body("one"))).Json["id"]!.GetValue<long>();

        await hub.Call("PATCH", $"repos/acme/shop/issues/comments/{id}", Body("two"));
        await hub.Call("PATCH", $"repos/acme/shop/issues/comments/{id}", Body("two"));
        var last = await hub.Call("PATCH", $"repos/acme/shop/issues/comments/{id}", Body("three"));

        last.Json["body"]!.GetValue<string>().ShouldBe("three");
        var comment = hub.Simulator.Comments(Hub.Shop, 1).Single();
        comment.Revisions.ShouldBe(3);
        comment.PreviousBodies.ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task A_deleted_comment_is_gone()
    {
        await using var hub = await WithIssue();
        var id = (await hub.Call("POST", Comments, Body("one"))).Json["id"]!.GetValue<long>();

        (await hub.Call("DELETE", $"repos/acme/shop/issues/comments/{id}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await hub.Call("GET", $"repos/acme/shop/issues/comments/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_what_changed_since_is_listed_when_asked_for()
    {
        await using var hub = await WithIssue();
        hub.Simulator.Comment("ada", Hub.Shop, 1, "early");
        hub.Time.Advance(TimeSpan.FromMinutes(5));
        hub.Simulator.Comment("ada", Hub.Shop, 1, "late");

        var list = await hub.Call("GET", Comments + "?since=2026-11-20T09:01:00Z");

        list.Json.AsArray().Single()!["body"]!.GetValue<string>().ShouldBe("late");
    }

    [Fact]
    public async Task A_permission_for_pull_requests_does_not_let_comment_on_an_issue()
    {
        await using var hub = await WithIssue();
        var pull = await hub.OpenPull();
        var token = await hub.Token("""{"permissions":{"pull_requests":"write"}}""");

        (await hub.Send("POST", Comments, Body("hello"), token)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await hub.Send("POST", $"repos/acme/shop/issues/{pull.Number}/comments", Body("hello"), token)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_first_reaction_of_a_kind_is_created_and_the_second_is_the_first()
    {
        await using var hub = await WithIssue();
        var comment = hub.Simulator.Comment("ada", Hub.Shop, 1, "Really.");
        var path = $"repos/acme/shop/issues/comments/{comment.Id}/reactions";

        var first = await hub.Call("POST", path, """{"content":"eyes"}""");
        var second = await hub.Call("POST", path, """{"content":"eyes"}""");

        first.Status.ShouldBe(HttpStatusCode.Created);
        second.Status.ShouldBe(HttpStatusCode.OK);
        second.Json["id"]!.GetValue<long>().ShouldBe(first.Json["id"]!.GetValue<long>());
        (await hub.Call("POST", path, """{"content":"thumb"}""")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var reacted = hub.Simulator.Comments(Hub.Shop, 1).Single();
        reacted.Reactions.Single().User.Login.ShouldBe("bots[bot]");
        (await hub.Call("DELETE", $"{path}/{reacted.Reactions[0].Id}")).Status.ShouldBe(HttpStatusCode.NoContent);
        hub.Simulator.Comments(Hub.Shop, 1).Single().Reactions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Issues_themselves_take_reactions()
    {
        await using var hub = await WithIssue();

        (await hub.Call("POST", "repos/acme/shop/issues/1/reactions", """{"content":"rocket"}""")).Status.ShouldBe(HttpStatusCode.Created);

        (await hub.Call("GET", "repos/acme/shop/issues/1")).Json["reactions"]!["rocket"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory]
    [InlineData("ada", "write", "write")]
    [InlineData("acme-admin", "admin", "admin")]
    [InlineData("maintainer", "write", "maintain")]
    [InlineData("triager", "read", "triage")]
    [InlineData("eve", "read", "read")]
    public async Task The_permission_of_a_user_is_told(string user, string permission, string role)
    {
        await using var hub = await WithIssue();
        hub.Simulator.SetPermission(Hub.Shop, "acme-admin", Role.Admin);
        hub.Simulator.SetPermission(Hub.Shop, "maintainer", Role.Maintain);
        hub.Simulator.SetPermission(Hub.Shop, "triager", Role.Triage);

        var answer = await hub.Call("GET", $"repos/acme/shop/collaborators/{user}/permission");

        answer.Json["permission"]!.GetValue<string>().ShouldBe(permission);
        answer.Json["role_name"]!.GetValue<string>().ShouldBe(role);
        answer.Json["user"]!["login"]!.GetValue<string>().ShouldBe(user);
    }

    [Fact]
    public async Task A_stranger_has_no_permission_on_a_private_repository_and_nobody_is_no_user()
    {
        await using var hub = await Hub.Start(isPrivate: true);

        (await hub.Call("GET", "repos/acme/shop/collaborators/eve/permission")).Json["permission"]!.GetValue<string>().ShouldBe("none");
        (await hub.Call("GET", "repos/acme/shop/collaborators/nobody/permission")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await hub.Call("GET", "repos/acme/shop/collaborators/bots%5Bbot%5D/permission")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_bot_user_is_found_by_its_login()
    {
        await using var hub = await Hub.Start();

        var bot = await hub.Call("GET", "users/bots%5Bbot%5D");

        bot.Json["id"]!.GetValue<long>().ShouldBe(hub.Simulator.Options.BotUserId);
        bot.Json["type"]!.GetValue<string>().ShouldBe("Bot");
    }

    [Fact]
    public async Task A_comment_to_come_can_be_waited_for()
    {
        await using var hub = await WithIssue();
        var waiting = hub.Simulator.WaitForComment(Hub.Shop, 1, c => c.Body.Contains("done", StringComparison.Ordinal), Hub.Patience);
        var id = (await hub.Call("POST", Comments, Body("working"))).Json["id"]!.GetValue<long>();
        waiting.IsCompleted.ShouldBeFalse();

        await hub.Call("PATCH", $"repos/acme/shop/issues/comments/{id}", Body("done"));

        (await waiting).Id.ShouldBe(id);
    }

    private static async Task<Hub> WithIssue()
    {
        var hub = await Hub.Start();
        hub.Simulator.OpenIssue("ada", Hub.Shop, "Broken", "It is.");
        return hub;
    }

    private static string Body(string text) => new JsonObject { ["body"] = text }.ToJsonString();
}
