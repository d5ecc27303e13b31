using Bots.Engine.Models;

namespace Bots.Engine.Tests.Models;

public sealed class ModelProvidersTests
{
    [Theory]
    [InlineData("openai", null, null, ModelKind.OpenAI, "https://api.openai.com/v1")]
    [InlineData("anthropic", null, null, ModelKind.Anthropic, "https://api.anthropic.com/")]
    [InlineData("my-anthropic", null, null, ModelKind.Anthropic, "https://api.anthropic.com/")]
    [InlineData("claude", ModelKind.Anthropic, null, ModelKind.Anthropic, "https://api.anthropic.com/")]
    [InlineData("groq", null, "https://api.groq.com/openai/v1", ModelKind.OpenAI, "https://api.groq.com/openai/v1")]
    [InlineData("anthropic", ModelKind.OpenAI, "http://127.0.0.1:1/v1", ModelKind.OpenAI, "http://127.0.0.1:1/v1")]
    public void Kind_and_address_follow_from_the_id_when_they_are_not_set(string id, ModelKind? kind, string? url, ModelKind expected, string address)
    {
        var providers = new ModelProviders(new ModelsOptions
        {
            Providers = new Dictionary<string, ModelProviderOptions> { [id] = new() { Kind = kind, BaseUrl = url is null ? null : new Uri(url), ApiKey = " key " } },
        });

        providers.Find(id.ToUpperInvariant()).ShouldBe(new ModelProvider(id, expected, new Uri(address), "key"));
        providers.Find("other").ShouldBeNull();
    }

    [Theory]
    [InlineData("anthropic/claude-sonnet-4-5", "anthropic", "claude-sonnet-4-5")]
    [InlineData("openrouter/lab/model:free", "openrouter", "lab/model:free")]
    [InlineData("claude", null, null)]
    [InlineData("/claude", null, null)]
    [InlineData("anthropic/", null, null)]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public void The_default_is_a_provider_and_a_model(string? text, string? provider, string? model) =>
        new ModelProviders(new ModelsOptions { Default = text }).Default.ShouldBe(provider is null ? null : new ModelName(provider, model!));

    [Fact]
    public void A_provider_does_not_print_its_key() =>
        $"{new ModelProvider("openai", ModelKind.OpenAI, new Uri("https://x/"), "sk-secret")} {new ModelProviderOptions { ApiKey = "sk-secret" }}".ShouldNotContain("sk-secret");
}
