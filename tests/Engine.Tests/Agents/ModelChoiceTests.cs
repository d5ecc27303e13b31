using System.Text.Json;
using Bots.Engine.Agents;

namespace Bots.Engine.Tests.Agents;

public sealed class ModelChoiceTests
{
    private const string Options = """{"configOptions":[{"id":"mode","category":"mode","type":"select","currentValue":"a","options":[{"value":"a"}]},{"id":"m","category":"model","type":"select","currentValue":"one","options":OPTIONS}]}""";

    [Theory]
    [InlineData("""[{"value":"one"},{"value":"two"}]""", "two")]
    [InlineData("""[{"value":"two"},{"value":"house/two"}]""", "house/two")]
    [InlineData("""[{"group":"g","options":[{"value":"one"}]},{"group":"h","options":[{"value":"two"}]}]""", "two")]
    public void A_model_that_is_offered_is_chosen(string options, string value)
    {
        var choice = Of(Options.Replace("OPTIONS", options), "house/two")!;

        choice.Method.ShouldBe("session/set_config_option");
        choice.Request("s1").ToJsonString().ShouldBe($$"""{"sessionId":"s1","configId":"m","value":"{{value}}"}""");
    }

    [Theory]
    [InlineData("house/one")]
    [InlineData("house/three")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public void What_is_chosen_already_or_not_offered_is_left_alone(string? model) =>
        Of(Options.Replace("OPTIONS", """[{"value":"one"},{"value":"two"}]"""), model).ShouldBeNull();

    [Fact]
    public void An_agent_from_before_there_were_options_is_told_in_its_own_way()
    {
        var choice = Of("""{"models":{"currentModelId":"one","availableModels":[{"modelId":"one","name":"1"},{"modelId":"house/two","name":"2"}]}}""", "house/two")!;

        choice.Method.ShouldBe("session/set_model");
        choice.Request("s1").ToJsonString().ShouldBe("""{"sessionId":"s1","modelId":"house/two"}""");
    }

    [Fact]
    public void An_agent_that_offers_nothing_is_told_nothing() => Of("""{"sessionId":"s1"}""", "house/two").ShouldBeNull();

    private static ModelChoice? Of(string opened, string? model) => ModelChoice.Of(JsonDocument.Parse(opened).RootElement, model);
}
