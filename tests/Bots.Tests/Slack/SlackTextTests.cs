using Bots.Slack;

namespace Bots.Tests.Slack;

public sealed class SlackTextTests
{
    private static readonly Dictionary<string, string> Names = new() { ["U2"] = "Ben" };

    [Theory]
    [InlineData("<@UBOT> fix it", "fix it")]
    [InlineData("<@UBOT|bots>: fix it", "fix it")]
    [InlineData("hey <@UBOT> fix it", "hey fix it")]
    [InlineData("fix it <@UBOT>", "fix it")]
    [InlineData("<@UBOT>\nfix\n\nit", "fix\n\nit")]
    [InlineData("<@UBOT>", "")]
    [InlineData("<@UBOTX> stays", "@UBOTX stays")]
    [InlineData("ask <@U2>, <@U3> or <@U4|Dora>", "ask @Ben, @U3 or @Dora")]
    [InlineData("in <#C7|backend> and <#C8>", "in #backend and #C8")]
    [InlineData("<!here> <!channel> <!subteam^S1|@devs> <!subteam^S2>", "@here @channel @devs @subteam")]
    [InlineData("<!date^1392734382^{date}|Feb 18, 2014>", "Feb 18, 2014")]
    [InlineData("see <https://a.example/x?a=1&amp;b=2>", "see https://a.example/x?a=1&b=2")]
    [InlineData("see <https://a.example/x|a.example/x>", "see https://a.example/x")]
    [InlineData("see <https://a.example/x|the docs>", "see the docs (https://a.example/x)")]
    [InlineData("mail <mailto:a@b.example|a@b.example>", "mail a@b.example")]
    [InlineData("if a &lt; b &amp;&amp; c &gt; d", "if a < b && c > d")]
    [InlineData("literally &amp;lt;@UBOT&amp;gt;", "literally &lt;@UBOT&gt;")]
    [InlineData("escaped &lt;@UBOT&gt; is no token", "escaped <@UBOT> is no token")]
    [InlineData("a < b", "a < b")]
    public void Text_is_read_as_its_author_sees_it(string slack, string plain) => SlackText.Plain(slack, "UBOT", Names).ShouldBe(plain);

    [Theory]
    [InlineData("<@UBOT> hi", true)]
    [InlineData("hi <@UBOT|bots>", true)]
    [InlineData("<@UBOT2> hi", false)]
    [InlineData("&lt;@UBOT&gt; hi", false)]
    [InlineData("@UBOT hi", false)]
    public void A_mention_is_a_token_with_exactly_that_id(string text, bool expected) => SlackText.Mentions(text, "UBOT").ShouldBe(expected);
}
