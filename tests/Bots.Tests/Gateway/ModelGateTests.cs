using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Bots.Engine.Gateway;
using Bots.Engine.Repositories;
using Microsoft.AspNetCore.Http;

namespace Bots.Tests.Gateway;

public sealed class ModelGateTests
{
    private const string Usage = """{"usage":{"prompt_tokens":9,"completion_tokens":3,"input_tokens":9,"output_tokens":3}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("openai/gpt-5*", "", "gpt-5-mini", true)]
    [InlineData("openai/gpt-5*", "", "GPT-5-mini", true)]
    [InlineData("openai/gpt-5*", "", "gpt-4", false)]
    [InlineData("*", "openai/*", "gpt-4", true)]
    [InlineData("*/gpt-4", "", "gpt-4", true)]
    [InlineData("openai/*", "openai/gpt-5", "gpt-5-mini", false)]
    [InlineData("anthropic/*", "openai/*", "gpt-5", false)]
    [InlineData("", "anthropic/*", "gpt-5", false)]
    [InlineData("", "", "anything", true)]
    public async Task A_model_is_used_only_where_both_lists_allow_it(string organisation, string repository, string model, bool allowed)
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync(Usage));
        await using var host = await Start(upstream, organisation);
        host.Settings.Settings = RepositorySettings.Default with { Models = repository.Length > 0 ? [repository] : [] };
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/openai/responses", Json($$"""{"model":"{{model}}"}"""), Cancellation);

        response.StatusCode.ShouldBe(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        upstream.Requests.Count.ShouldBe(allowed ? 1 : 0);
    }

    [Fact]
    public async Task A_refusal_says_in_the_agents_own_shape_what_is_allowed()
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Start(upstream, "");
        host.Settings.Settings = RepositorySettings.Default with { Models = ["anthropic/claude-haiku-*", "openai/gpt-5-mini"] };
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/anthropic/v1/messages", Json("""{"model":"claude-opus-9"}"""), Cancellation);

        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        body["type"]!.GetValue<string>().ShouldBe("error");
        body["error"]!["type"]!.GetValue<string>().ShouldBe("permission_error");
        body["error"]!["message"]!.GetValue<string>().ShouldBe(
            "acme/widgets does not allow anthropic/claude-opus-9. Allowed by `models` in its .bots.yml: anthropic/claude-haiku-*, openai/gpt-5-mini.");
    }

    [Theory]
    [InlineData("""{"model":"gpt-5","models":["gpt-5","gpt-4"]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"model":"gpt-5","fallbacks":[{"model":"gpt-4"}]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"model":"gpt-5","models":[7]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"model":"gpt-5","model":"gpt-4"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"gpt-4","model":"gpt-5"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"gpt-5","Model":"gpt-4"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"MODEL":"gpt-4"}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"model":"gpt-5","Models":["gpt-4"]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"model":"gpt-5","fallbackſ":[{"model":"gpt-5","Model":"gpt-4"}]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"model":"gpt-5","models":"gpt-4"}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"model":"gpt-5","models":[],"models":["gpt-4"]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"model":"gpt-5","\u006dodels":["gpt-4"]}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"model":"gpt-5","\ud800":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"gpt-5"} {"model":"gpt-4"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"gpt-5\ngpt-4"}""", HttpStatusCode.Forbidden)]
    public async Task No_second_name_gets_around_the_list(string body, HttpStatusCode status)
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Start(upstream, "openai/gpt-5");
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/openai/responses", Json(body), Cancellation);

        response.StatusCode.ShouldBe(status);
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_is_held_until_there_is_money_again()
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync(Usage));
        await using var host = await Start(upstream, "");
        var extended = new TaskCompletionSource<BudgetVerdict>();
        var held = new TaskCompletionSource();
        host.Budgets.Answer = _ =>
        {
            held.TrySetResult();
            return extended.Task;
        };
        using var client = host.Client();

        var call = client.PostAsync("/llm/openai/responses", Json("""{"model":"m"}"""), Cancellation);
        await held.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        upstream.Requests.ShouldBeEmpty();
        call.IsCompleted.ShouldBeFalse();
        extended.SetResult(BudgetVerdict.Go.Now);

        (await call).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_call_that_waited_too_long_is_told_to_come_again_and_is_no_trouble()
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Start(upstream, "");
        host.Budgets.Answer = _ => Task.FromResult<BudgetVerdict>(new BudgetVerdict.Later("people are asked"));
        var hopeless = 0;
        host.Get<ModelTrouble>().Hopeless += (_, _) => hopeless++;
        using var client = host.Client();

        for (var call = 0; call < ModelTrouble.Limit + 1; call++)
        {
            using var response = await client.PostAsync("/llm/openai/chat/completions", Json("""{"model":"m"}"""), Cancellation);
            response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("rate_limit_exceeded");
        }

        hopeless.ShouldBe(0);
        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_without_money_is_refused_with_the_cause()
    {
        await using var upstream = await StubServer.Start(_ => Task.CompletedTask);
        await using var host = await Start(upstream, "");
        host.Budgets.Answer = _ => Task.FromResult<BudgetVerdict>(new BudgetVerdict.Over("This session reached its budget of $5.00."));
        using var client = host.Client();

        using var response = await client.PostAsync("/llm/anthropic/v1/messages", Json("""{"model":"m"}"""), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("This session reached its budget of $5.00.");
    }

    [Fact]
    public async Task What_costs_nothing_asks_for_no_money()
    {
        await using var upstream = await StubServer.Start(context => context.Response.WriteAsync("{}"));
        await using var host = await Start(upstream, "");
        host.Budgets.Answer = _ => throw new InvalidOperationException("nobody should ask");
        using var client = host.Client();

        (await client.GetAsync("/llm/openai/models", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.PostAsync("/llm/anthropic/v1/messages/count_tokens", Json("""{"model":"m"}"""), Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<GatewayHost> Start(StubServer upstream, string allow)
    {
        var settings = ModelSettings.For(upstream.Url, "sk-1", "sk-2");
        if (allow.Length > 0) settings["Models:Allow:0"] = allow;
        return GatewayHost.Start(settings);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
