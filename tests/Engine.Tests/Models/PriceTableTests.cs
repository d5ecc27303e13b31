using System.Text;
using Bots.Engine.Models;
using Bots.Engine.Sessions;

namespace Bots.Engine.Tests.Models;

public sealed class PriceTableTests
{
    private static readonly PriceTable Table = new(new Dictionary<string, ModelPrice>
    {
        ["mine/plain"] = new(1, 2),
        ["mine/free"] = new(0, 0),
        ["openrouter/lab/model"] = new(1, 10, 0.1m, 1.25m),
    });

    [Theory]
    [InlineData("anthropic", "claude-sonnet-4-5", "22.05")]
    [InlineData("anthropic", "claude-sonnet-4-5-20250929", "22.05")]
    [InlineData("Anthropic", "Claude-Sonnet-4-5", "22.05")]
    [InlineData("mine", "plain", "5")]
    [InlineData("mine", "plain-2026-01-31", "5")]
    [InlineData("mine", "free", "0")]
    [InlineData("openrouter", "lab/model", "12.35")]
    public void A_million_of_each_costs_the_sum_of_its_prices(string provider, string model, string dollars) =>
        Table.Cost(provider, model, new TokenUsage(1_000_000, 1_000_000, 1_000_000, 1_000_000)).ShouldBe(decimal.Parse(dollars));

    [Theory]
    [InlineData("anthropic", "claude-unheard-of")]
    [InlineData("mine", "claude-sonnet-4-5")]
    [InlineData("mine", "plain-mini")]
    public void An_unknown_price_is_not_free(string provider, string model) => Table.Cost(provider, model, new TokenUsage(1, 1)).ShouldBeNull();

    [Fact]
    public void The_operators_price_goes_before_the_bundled_one() =>
        new PriceTable(new Dictionary<string, ModelPrice> { ["anthropic/claude-sonnet-4-5"] = new(1, 1) })
            .Cost("anthropic", "claude-sonnet-4-5", new TokenUsage(1_000_000, 0)).ShouldBe(1);

    [Fact]
    public void The_shape_of_models_dev_is_read_and_a_model_without_cost_is_left_out()
    {
        const string json = """
            {"lab":{"id":"lab","env":["KEY"],"models":{
              "a":{"id":"a","name":"A","limit":{"context":1},"cost":{"input":0.25,"output":2,"cache_read":0.025,"tiers":[]}},
              "b":{"id":"b","name":"B"}}}}
            """;

        var table = new PriceTable(new Dictionary<string, ModelPrice>());
        table.UseFile(List(json));

        table.Find("lab", "a").ShouldBe(new ModelPrice(0.25m, 2, 0.025m));
        table.Find("lab", "b").ShouldBeNull();
    }

    [Fact]
    public void A_call_with_a_long_input_costs_what_its_tier_says()
    {
        var table = new PriceTable(new Dictionary<string, ModelPrice>());
        table.UseFetched(List("""{"lab":{"models":{"a":{"cost":{"input":1,"output":2,"tiers":[{"tier":{"type":"context","size":200},"input":10,"output":20},{"tier":{"type":"context","size":500},"input":100,"output":200}]}}}}}"""));

        table.Cost("lab", "a", new TokenUsage(200, 0)).ShouldBe(200 * 1 / 1_000_000m);
        table.Cost("lab", "a", new TokenUsage(101, 0, 100)).ShouldBe(201 * 10 / 1_000_000m);
        table.Cost("lab", "a", new TokenUsage(501, 1)).ShouldBe((501 * 100 + 200) / 1_000_000m);
    }

    [Fact]
    public void The_operators_file_goes_before_what_was_fetched_and_that_before_the_bundled_list()
    {
        var table = new PriceTable(new Dictionary<string, ModelPrice>());
        table.UseFetched(List("""{"anthropic":{"models":{"claude-sonnet-4-5":{"cost":{"input":7,"output":7}}}}}"""));
        table.Find("anthropic", "claude-sonnet-4-5").ShouldBe(new ModelPrice(7, 7));

        table.UseFile(List("""{"anthropic":{"models":{"claude-sonnet-4-5":{"cost":{"input":8,"output":8}}}}}"""));
        table.Find("anthropic", "claude-sonnet-4-5").ShouldBe(new ModelPrice(8, 8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"lab":{"models":[]}}""")]
    [InlineData("""{"lab":{"models":{"a":{"cost":{"input":"1","output":2}}}}}""")]
    [InlineData("""{"lab":{"models":{"a":{"cost":{"input":-1,"output":2}}}}}""")]
    public void What_is_no_list_of_prices_is_refused(string json) => Should.Throw<FormatException>(() => List(json));

    private static PriceList List(string json) => PriceList.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
