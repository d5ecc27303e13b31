using System.Text;
using Bots.Engine.Models;
using Bots.Engine.Sessions;
using Bots.Gateway;

namespace Bots.Tests.Gateway;

public sealed class UsageReaderTests
{
    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"\"usage\""}}]}""")]
    [InlineData("""{"usage":null}""")]
    [InlineData("""{"usage":7}""")]
    [InlineData("""{"usage":{"prompt_tokens":""")]
    [InlineData("""[DONE] "usage" """)]
    [InlineData("")]
    public void What_tells_no_use_is_none(string json) => Read(ModelKind.OpenAI, json).ShouldBeNull();

    [Fact]
    public void OpenAIs_input_is_without_what_came_from_or_went_to_the_cache() =>
        Read(ModelKind.OpenAI, """{"usage":{"prompt_tokens":100,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":20}}}""")
            .ShouldBe(new TokenUsage(50, 5, 30, 20));

    [Fact]
    public void A_cache_larger_than_the_input_makes_no_negative_number() =>
        Read(ModelKind.OpenAI, """{"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":30}}}""")
            .ShouldBe(new TokenUsage(0, 5, 30));

    [Fact]
    public void Running_totals_in_every_chunk_are_not_added() =>
        Read(ModelKind.OpenAI, """{"usage":{"prompt_tokens":10,"completion_tokens":1}}""", """{"usage":{"prompt_tokens":10,"completion_tokens":2}}""")
            .ShouldBe(new TokenUsage(10, 2));

    [Fact]
    public void Anthropics_fields_stay_when_a_delta_leaves_them_out() =>
        Read(ModelKind.Anthropic,
            """{"type":"message_start","message":{"usage":{"input_tokens":3,"cache_read_input_tokens":4,"cache_creation_input_tokens":5,"output_tokens":1}}}""",
            """{"type":"message_delta","usage":{"cache_read_input_tokens":null,"output_tokens":9}}""")
            .ShouldBe(new TokenUsage(3, 9, 4, 5));

    private static TokenUsage? Read(ModelKind kind, params string[] events)
    {
        var reader = new UsageReader(kind);
        foreach (var text in events) reader.Read(Encoding.UTF8.GetBytes(text));
        return reader.Usage;
    }
}
