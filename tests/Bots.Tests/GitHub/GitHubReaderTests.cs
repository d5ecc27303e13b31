using System.Text;
using System.Text.Json.Nodes;
using Bots.Engine;
using Bots.Engine.Intake;
using Bots.Engine.Surfaces;
using Bots.GitHub;

namespace Bots.Tests.GitHub;

public class GitHubReaderTests
{
    private const string Permission = "GET /repos/octo/shop/collaborators/Codertocat/permission";
    private const string Pull = "GET /repos/octo/shop/pulls/3";
    private const string Comments = "GET /repos/octo/shop/issues/3/comments?per_page=100&page=1";

    private static readonly ConversationKey Here = new("github", "octo/shop#3");

    [Fact]
    public async Task Every_real_comment_event_can_be_read()
    {
        await using var kit = await GitHubKit.WithApp();
        var bodies = Payloads.All.Where(p => p.Event == GitHubReader.Event).ToList();

        bodies.Count.ShouldBe(9);
        foreach (var (_, body) in bodies)
            (await Only(kit, body)).ShouldBeOfType<Inbound.Ignored>();
    }

    [Fact]
    public async Task Who_asks_on_an_issue_is_told_where_to_ask()
    {
        await using var kit = await Kit();

        (await Only(kit, OnAnIssue("@helper fix it"))).ShouldBe(new Inbound.Reply(Here, "I work on pull requests only. Ask me there, or in Slack.", null));
        (await Only(kit, OnAnIssue("/approve"))).ShouldBeOfType<Inbound.Ignored>();

        static JsonObject OnAnIssue(string comment)
        {
            var payload = Payloads.Comment(comment);
            payload["issue"]!.AsObject().Remove("pull_request");
            return payload;
        }
    }

    [Fact]
    public async Task A_mention_on_a_pull_request_is_a_request_with_all_that_surrounds_it()
    {
        await using var kit = await Kit();
        kit.Stub.On(Comments, """
            [{"id":1,"body":"Looks odd","user":{"login":"bo","id":2},"created_at":"2019-05-15T15:00:00Z"},
             {"id":2,"body":"Working","user":{"login":"helper[bot]","id":99},"created_at":"2019-05-15T15:01:00Z"},
             {"id":492700400,"body":"@helper fix it","user":{"login":"Codertocat","id":21031067},"created_at":"2019-05-15T15:20:21Z"},
             {"id":3,"body":"Later","user":{"login":"bo","id":2},"created_at":"2030-01-01T00:00:00Z"}]
            """);

        var request = (await Only(kit, Payloads.Comment("@Helper fix it"))).ShouldBeOfType<Inbound.PromptRequest>();

        request.Conversation.ShouldBe(Here);
        request.Author.ShouldBe(new Person("github", "Codertocat", "Codertocat", "21031067+Codertocat@users.noreply.github.com"));
        request.Text.ShouldBe("fix it");
        request.Message.ShouldBe("492700400");
        request.MayStart.ShouldBeTrue();
        request.Target.ShouldBe(new WorkTarget(RepositoryName.Parse("octo/shop"), "topic", "main", 3));
        request.Material.ShouldBe([
            new Material("bo", "title and description of pull request #3", "Faster carts\n\nTwice as fast."),
            new Material("bo", "comment on the pull request", "Looks odd"),
        ]);
    }

    [Fact]
    public async Task A_pull_request_from_a_fork_is_worked_on_beside_it()
    {
        await using var kit = await Kit(head: """{"ref":"topic","repo":{"full_name":"bo/shop"}}""");
        (await Request(kit)).Target.ShouldBe(new WorkTarget(RepositoryName.Parse("octo/shop"), null, "refs/pull/3/head") { PullRequestBase = "main" });
    }

    [Fact]
    public async Task A_pull_request_whose_fork_is_gone_is_worked_on_beside_it()
    {
        await using var kit = await Kit(head: """{"ref":"topic","repo":null}""");
        (await Request(kit)).Target!.Base.ShouldBe("refs/pull/3/head");
    }

    [Fact]
    public async Task Nobody_works_on_the_default_branch_itself()
    {
        await using var kit = await Kit(head: """{"ref":"main","repo":{"full_name":"octo/shop","default_branch":"main"}}""");
        (await Request(kit)).Target.ShouldBe(new WorkTarget(RepositoryName.Parse("octo/shop"), null, "main"));
    }

    [Fact]
    public async Task Only_the_last_comments_come_along_even_over_two_pages()
    {
        await using var kit = await Kit();
        kit.Stub.On("GET /repos/octo/shop/issues/3/comments?per_page=100&page=1", Many(1, 100))
            .On("GET /repos/octo/shop/issues/3/comments?per_page=100&page=2", Many(101, 3));
        var payload = Payloads.Comment("@helper fix it");
        payload["issue"]!["comments"] = 103;

        var material = (await Only(kit, payload)).ShouldBeOfType<Inbound.PromptRequest>().Material;

        material.Skip(1).Select(m => m.Text).ShouldBe(Enumerable.Range(84, 20).Select(n => $"c{n}"));
    }

    [Fact]
    public async Task A_bot_that_cannot_learn_its_own_name_answers_nobody()
    {
        await using var kit = await Kit();
        kit.Stub.On("GET /app", """{"message":"Resource not accessible by integration"}""", 403);

        // An answer would be a comment too, and be answered again.
        await Should.ThrowAsync<SurfaceException>(() => Only(kit, Payloads.Comment("Looks good to me")));
    }

    [Fact]
    public async Task Who_asked_in_vain_is_waiting_and_who_said_something_else_is_not()
    {
        await using var kit = await Kit();
        await Only(kit, Payloads.Comment("Looks good to me"));

        kit.Reader.Awaited(Of(Payloads.Comment("@helper fix it"))).ShouldBe(Here);
        kit.Reader.Awaited(Of(Payloads.Comment("Looks good to me"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("Looks good to me", true)]
    [InlineData("@helper fix it", false)]
    [InlineData("/stop", false)]
    public async Task Talk_is_passed_over_as_it_arrives_once_the_bot_knows_its_name(string body, bool isNothing)
    {
        await using var kit = await Kit();
        kit.Reader.PassOver(Of(Payloads.Comment(body))).ShouldBeNull();
        await Only(kit, Payloads.Comment("@helper hello"));

        (kit.Reader.PassOver(Of(Payloads.Comment(body))) is not null).ShouldBe(isNothing);
        kit.Reader.PassOver(Of(Payloads.Comment(body)) with { Kind = "push" }).ShouldBe("push is not an event we take");
        kit.Time.Now += TimeSpan.FromHours(1);
        kit.Reader.PassOver(Of(Payloads.Comment(body))).ShouldBeNull("it may have another name by now");
    }

    [Fact]
    public async Task Comments_on_a_pull_request_keep_their_order()
    {
        await using var kit = await Kit();

        kit.Reader.Place(Of(Payloads.Comment("Looks good to me"))).ShouldBe(Here);
        kit.Reader.Place(Of(Payloads.Comment("Looks good to me")) with { Kind = "push" }).ShouldBeNull();
    }

    [Theory]
    [InlineData("read")]
    [InlineData("none")]
    public async Task Who_may_not_write_is_told_once(string permission)
    {
        await using var kit = await Kit();
        kit.Stub.On(Permission, $$"""{"permission":"{{permission}}"}""");

        (await Only(kit, Payloads.Comment("@helper fix it"), "d1")).ShouldBeOfType<Inbound.Reply>().Text.ShouldNotContain("@");
        (await Only(kit, Payloads.Comment("@helper fix it"), "d1")).ShouldBeOfType<Inbound.Reply>();
        (await Only(kit, Payloads.Comment("@helper please"), "d2")).ShouldBeOfType<Inbound.Ignored>();
        kit.Stub.Calls.ShouldNotContain(c => c.Line == Pull);
    }

    [Theory]
    [InlineData("/approve")]
    [InlineData("/deny no")]
    [InlineData("/stop")]
    [InlineData("@helper")]
    public async Task Nothing_at_all_is_done_for_a_stranger(string comment)
    {
        await using var kit = await Kit();
        kit.Stub.On(Permission, """{"message":"Not Found"}""", 404);
        (await Only(kit, Payloads.Comment(comment))).ShouldBeOfType<Inbound.Reply>().Text.ShouldStartWith("Sorry Codertocat");
    }

    [Fact]
    public async Task When_the_permission_cannot_be_asked_now_it_is_tried_again()
    {
        await using var kit = await Kit();
        kit.Stub.On(Permission, "{}", 502);
        await Should.ThrowAsync<SurfaceException>(() => Only(kit, Payloads.Comment("@helper fix it")));
    }

    [Fact]
    public async Task When_the_permission_can_never_be_asked_people_are_told()
    {
        await using var kit = await Kit();
        kit.Stub.On(Permission, """{"message":"Resource not accessible by integration"}""", 403);
        (await Only(kit, Payloads.Comment("@helper fix it"))).ShouldBeOfType<Inbound.Reply>().Text.ShouldContain("Resource not accessible by integration");
    }

    [Fact]
    public async Task A_closed_pull_request_gets_a_polite_answer()
    {
        await using var kit = await Kit(state: "closed");
        (await Only(kit, Payloads.Comment("@helper fix it"))).ShouldBeOfType<Inbound.Reply>().Text.ShouldContain("closed");
    }

    [Fact]
    public async Task An_empty_request_gets_help()
    {
        await using var kit = await Kit();
        (await Only(kit, Payloads.Comment("@helper"))).ShouldBeOfType<Inbound.Reply>().Text.ShouldContain("`@helper fix the failing test`");
    }

    [Fact]
    public async Task A_command_answers_a_permission_request()
    {
        await using var kit = await Kit();
        var answer = (await Only(kit, Payloads.Comment("/deny 0123456789ab use npm ci"))).ShouldBeOfType<Inbound.PermissionAnswer>();

        answer.ShouldBe(new Inbound.PermissionAnswer
        {
            Conversation = Here, By = answer.By, Permission = new("0123456789ab"), Decision = PermissionDecision.Deny, Reason = "use npm ci",
        });
        answer.By.Id.ShouldBe("Codertocat");
    }

    [Fact]
    public async Task Stop_stops_what_runs_here()
    {
        await using var kit = await Kit();
        var stop = (await Only(kit, Payloads.Comment("/stop"))).ShouldBeOfType<Inbound.StopRequest>();
        (stop.Conversation, stop.Prompt).ShouldBe((Here, null));
    }

    [Fact]
    public async Task A_checkbox_in_our_comment_answers_a_permission_request()
    {
        await using var kit = await Kit();
        var answer = (await Only(kit, Click("helper[bot]"))).ShouldBeOfType<Inbound.PermissionAnswer>();
        (answer.Permission, answer.Decision, answer.By.Id).ShouldBe((new PermissionId("0123456789ab"), PermissionDecision.AllowSession, "Codertocat"));
    }

    [Fact]
    public async Task A_checkbox_checked_by_who_may_not_write_counts_for_nothing()
    {
        await using var kit = await Kit();
        kit.Stub.On(Permission, """{"permission":"read"}""");
        (await Only(kit, Click("helper[bot]"))).ShouldBeOfType<Inbound.Reply>();
    }

    [Fact]
    public async Task A_checkbox_in_somebody_elses_comment_counts_for_nothing()
    {
        await using var kit = await Kit();
        (await Only(kit, Click("Codertocat"))).ShouldBeOfType<Inbound.Ignored>();
        kit.Stub.Calls.ShouldNotContain(c => c.Line == Permission);
    }

    [Fact]
    public async Task Bots_start_nothing_and_neither_do_we_ourselves()
    {
        await using var kit = await Kit();
        var bot = Payloads.Comment("@helper fix it");
        bot["sender"]!["type"] = "Bot";
        var ours = Payloads.Comment("@helper fix it");
        ours["comment"]!["performed_via_github_app"] = new JsonObject { ["id"] = 7 };

        (await Only(kit, bot)).ShouldBeOfType<Inbound.Ignored>();
        (await Only(kit, ours)).ShouldBeOfType<Inbound.Ignored>();
        kit.Stub.Calls.ShouldNotContain(c => c.Line == Permission);
    }

    [Fact]
    public async Task With_a_plain_token_the_bot_is_its_owner()
    {
        await using var kit = await GitHubKit.WithToken(("GitHub:BotName", "bots"));
        kit.Stub.On("GET /user", """{"login":"Codertocat","id":21031067}""");
        (await Only(kit, Payloads.Comment("@bots fix it"))).ShouldBe(new Inbound.Ignored("a bot did it"));
    }

    [Theory]
    [InlineData("edited", "@helper fix it")]
    [InlineData("deleted", "@helper fix it")]
    [InlineData("created", "just talk")]
    public async Task Anything_else_is_passed_over(string action, string body)
    {
        await using var kit = await Kit();
        (await Only(kit, Payloads.Comment(body, action))).ShouldBeOfType<Inbound.Ignored>();
    }

    [Fact]
    public async Task A_body_nobody_can_read_is_passed_over()
    {
        await using var kit = await Kit();
        (await Only(kit, """{"action":"created","issue":null}""")).ShouldBeOfType<Inbound.Ignored>();
    }

    private static JsonObject Click(string author)
    {
        var empty = GitHubMarkers.Checkbox(new("0123456789ab"), PermissionDecision.AllowSession);
        var payload = Payloads.Comment(empty.Replace("[ ]", "[x]", StringComparison.Ordinal), "edited");
        payload["comment"]!["user"]!["login"] = author;
        payload["changes"] = new JsonObject { ["body"] = new JsonObject { ["from"] = empty } };
        return payload;
    }

    private static async Task<GitHubKit> Kit(string head = """{"ref":"topic","repo":{"full_name":"octo/shop","default_branch":"main"}}""", string state = "open")
    {
        var kit = await GitHubKit.WithApp();
        kit.Stub.On(Permission, """{"permission":"write"}""").On(Comments, "[]").On(Pull, $$"""
            {"number":3,"state":"{{state}}","title":"Faster carts","body":"Twice as fast.","user":{"login":"bo"},"html_url":"https://github.com/octo/shop/pull/3",
             "head":{{head}},"base":{"ref":"main","repo":{"full_name":"octo/shop","default_branch":"main"} } }
            """);
        return kit;
    }

    private static string Many(int first, int count) => "[" + string.Join(',', Enumerable.Range(first, count).Select(n =>
        $$"""{"id":{{n}},"body":"c{{n}}","user":{"login":"bo"},"created_at":"2019-01-01T00:00:00Z"}""")) + "]";

    private static async Task<Inbound.PromptRequest> Request(GitHubKit kit) => (await Only(kit, Payloads.Comment("@helper fix it"))).ShouldBeOfType<Inbound.PromptRequest>();

    private static Task<Inbound> Only(GitHubKit kit, JsonObject payload, string delivery = "d1") => Only(kit, payload.ToJsonString(), delivery);

    private static async Task<Inbound> Only(GitHubKit kit, string body, string delivery = "d1") =>
        (await kit.Reader.Read(Of(body, delivery), TestContext.Current.CancellationToken)).ShouldHaveSingleItem();

    private static Delivery Of(JsonObject payload) => Of(payload.ToJsonString(), "d1");

    private static Delivery Of(string body, string delivery) => new()
    {
        Surface = "github", Id = delivery, Kind = GitHubReader.Event, Body = Encoding.UTF8.GetBytes(body), ReceivedAt = ManualTime.Noon,
    };
}
