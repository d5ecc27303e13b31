namespace Bots.Tests.Configuration;

public sealed class ModelsOptionsCheckTests
{
    [Theory]
    [InlineData("Models:Providers:openai:ApiKey", "sk-1")]
    [InlineData("Models:Providers:anthropic-eu:ApiKey", "sk-1")]
    [InlineData("Models:Providers:local:BaseUrl", "http://127.0.0.1:11434/v1")]
    [InlineData("Models:Providers:anthropic:BaseUrl", "http://127.0.0.1:1/proxy")]
    [InlineData("Models:Prices:anthropic/claude-x:Input", "1", "Models:Prices:anthropic/claude-x:Output", "2")]
    public void What_can_be_called_is_no_problem(params string[] settings) => Problems(settings).ShouldBeEmpty();

    [Theory]
    [InlineData("Models:Providers:openai:ApiKey: is not set → The public service asks for a key. Set it, or set BaseUrl to a server of your own.", "Models:Providers:openai:Kind", "openai")]
    [InlineData("Models:Providers:openai:ApiKey: is not set → The public service asks for a key. Set it, or set BaseUrl to a server of your own.", "Models:Providers:openai:ApiKey", " ")]
    [InlineData("Models:Providers:groq:BaseUrl: is not set → Nobody knows where 'groq' is: set it, e.g. to https://models.example.com/v1.", "Models:Providers:groq:ApiKey", "k")]
    [InlineData("Models:Providers:my models: is not an id → Use letters, digits, '-', '_' and '.': it becomes a part of an address.", "Models:Providers:my models:BaseUrl", "http://x/v1")]
    [InlineData("Models:Providers:x:BaseUrl: 'x/v1' is not an absolute http(s) address → Mend it, or leave it out.", "Models:Providers:x:BaseUrl", "x/v1")]
    [InlineData("Models:Providers:x:BaseUrl: 'ftp://x/v1' is not an absolute http(s) address → Mend it, or leave it out.", "Models:Providers:x:BaseUrl", "ftp://x/v1")]
    [InlineData("Models:Providers:x:BaseUrl: cannot be used → Leave out the credentials; the key belongs into ApiKey.", "Models:Providers:x:BaseUrl", "http://user:secret@x/v1")]
    [InlineData("Models:Providers:x:BaseUrl: cannot be used → Leave out everything from the ? or # on.", "Models:Providers:x:BaseUrl", "http://x/v1?key=secret")]
    [InlineData("Models:Providers:anthropic:BaseUrl: cannot be used → Leave out /v1: it is a part of every call.", "Models:Providers:anthropic:BaseUrl", "https://api.anthropic.com/v1/")]
    [InlineData("Models:Providers:x:Kind: 'gemini' is not one of openai, anthropic → Mend it, or leave it out.", "Models:Providers:x:Kind", "gemini", "Models:Providers:x:BaseUrl", "http://x/v1")]
    [InlineData("Models:Default: 'gpt-5' is not of the form provider/model → Write it like anthropic/claude-sonnet-4-5.", "Models:Default", "gpt-5")]
    [InlineData("Models:Default: there is no provider 'openai' → Configure it: set Models:Providers:openai:ApiKey.", "Models:Default", "openai/gpt-5")]
    [InlineData("Models:Default: there is no provider 'opnai' → Did you mean openai/gpt-5?", "Models:Default", "opnai/gpt-5", "Models:Providers:openai:ApiKey", "k")]
    [InlineData("Models:Prices:gpt-5: is not of the form provider/model → Write it like anthropic/claude-sonnet-4-5.", "Models:Prices:gpt-5:Input", "1", "Models:Prices:gpt-5:Output", "2")]
    [InlineData("Models:Prices:a/b: has a negative price → Give US dollars for a million tokens, 0 for free.", "Models:Prices:a/b:Input", "-1", "Models:Prices:a/b:Output", "2")]
    [InlineData("Models:Prices:a/b:Output: is not set → Set it, or remove the entry.", "Models:Prices:a/b:Input", "1")]
    public void What_cannot_be_called_is_told(string problem, params string[] settings) => Problems(settings).ShouldBe([problem]);

    private static string[] Problems(string[] settings) => Configured.Problems([.. settings.Chunk(2).Select(pair => (pair[0], (string?)pair[1]))]);
}
