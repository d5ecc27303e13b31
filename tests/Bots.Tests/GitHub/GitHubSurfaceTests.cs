using System.Text.Json;
using Bots.Engine;
using Bots.Engine.Surfaces;

namespace Bots.Tests.GitHub;

public class GitHubSurfaceTests
{
    private const string Post = "POST /repos/octo/shop/issues/3/comments";
    private const string List = "GET /repos/octo/shop/issues/3/comments?per_page=100&page=1";

    private static readonly ConversationKey Here = new("github", "octo/shop#3");
    private static readonly SurfaceMessage Message = new() { Key = "prompt:prm_1", Content = "Working" };
    private static readonly SurfaceMessage Eyes = new() { Key = "eyes:prm_1", Content = "eyes 42", Editable = false };

    [Fact]
    public async Task A_message_is_posted_with_its_key_hidden_inside()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On(Post, """{"id":12}""", 201);

        (await kit.Surface.Post(Here, Message, Cancellation)).ShouldBe("12");

        Body(kit.Stub.Calls[^1]).ShouldBe("Working\n\n<!-- bots:key=prompt:prm_1 -->");
    }

    [Fact]
    public async Task An_edit_keeps_the_key()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On("PATCH /repos/octo/shop/issues/comments/12", """{"id":12}""");

        await kit.Surface.Edit(Here, "12", Message with { Content = "Done" }, Cancellation);

        Body(kit.Stub.Calls[^1]).ShouldBe("Done\n\n<!-- bots:key=prompt:prm_1 -->");
    }

    [Fact]
    public async Task A_comment_that_was_deleted_is_gone()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On("PATCH /repos/octo/shop/issues/comments/12", """{"message":"Not Found"}""", 404);
        (await Should.ThrowAsync<SurfaceException>(() => kit.Surface.Edit(Here, "12", Message, Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Gone);
    }

    [Fact]
    public async Task A_reaction_goes_to_the_asking_comment()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On("POST /repos/octo/shop/issues/comments/42/reactions", """{"id":77}""", 201);

        (await kit.Surface.Post(Here, Eyes, Cancellation)).ShouldBe("77");

        kit.Stub.Calls[^1].Body.ShouldBe("""{"content":"eyes"}""");
        (await kit.Surface.Find(Here, Eyes, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_message_is_found_by_its_key_among_our_own_only()
    {
        await using var kit = await GitHubKit.WithApp();
        const string Marked = "Working\\r\\n\\r\\n<!-- bots:key=prompt:prm_1 -->";
        kit.Stub.On(List, $$"""[{"id":1,"body":"{{Marked}}","user":{"login":"eve"} },{"id":2,"body":"{{Marked}} quoted","user":{"login":"helper[bot]"} }]""", 200,
                ("Link", $"<{kit.Stub.Url}page2>; rel=\"next\""))
            .On("GET /page2", $$"""[{"id":3,"body":"{{Marked}}","user":{"login":"helper[bot]"} }]""");

        (await kit.Surface.Find(Here, Message, Cancellation)).ShouldBe("3");
        (await kit.Surface.Find(Here, Message with { Key = "prompt:prm_2" }, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_search_that_failed_does_not_say_the_message_is_not_there()
    {
        await using var kit = await GitHubKit.WithApp();
        kit.Stub.On(List, "{}", 500);
        (await Should.ThrowAsync<SurfaceException>(() => kit.Surface.Find(Here, Message, Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Retry);
    }

    [Theory]
    [InlineData("slack", "octo/shop#3")]
    [InlineData("github", "octo/shop")]
    [InlineData("github", "octo/shop#-3")]
    [InlineData("github", "octo#3")]
    public async Task A_place_that_is_none_is_rejected(string surface, string key)
    {
        await using var kit = await GitHubKit.WithApp();
        (await Should.ThrowAsync<SurfaceException>(() => kit.Surface.Post(new(surface, key), Message, Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Rejected);
    }

    [Fact]
    public async Task A_message_opens_no_pull_request()
    {
        await using var kit = await GitHubKit.WithApp();
        (await Should.ThrowAsync<SurfaceException>(() => kit.Surface.NewConversation("octo/shop", Cancellation))).Outcome.ShouldBe(SurfaceOutcome.Rejected);
        kit.Surface.Opened(Here, "12").ShouldBeNull();
    }

    private static string Body(StubCall call) => JsonDocument.Parse(call.Body).RootElement.GetProperty("body").GetString()!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
