using System.Text;
using Bots.Slack.Rendering;

namespace Bots.Tests.Slack;

public sealed class MarkdownToMrkdwnTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("**bold** and __bold__", "*bold* and *bold*")]
    [InlineData("*italic* and _italic_", "_italic_ and _italic_")]
    [InlineData("***both***", "_*both*_")]
    [InlineData("~~gone~~", "~gone~")]
    [InlineData("run `a && b`", "run `a &amp;&amp; b`")]
    [InlineData("``a ` b``", "`a ˋ b`")]
    [InlineData("# Title", "*Title*")]
    [InlineData("## A **bold** title", "*A bold title*")]
    [InlineData("one\ntwo\n\nthree", "one\ntwo\n\nthree")]
    [InlineData("- a\n- b", "• a\n• b")]
    [InlineData("* a\n  * b\n    * c\n* d", "• a\n    • b\n        • c\n• d")]
    [InlineData("3. a\n4. b", "3. a\n4. b")]
    [InlineData("- [x] done\n- [ ] open", "• ☑ done\n• ☐ open")]
    [InlineData("> quoted\n> more", "> quoted\n> more")]
    [InlineData("[docs](https://a.example/x?a=1&b=2)", "<https://a.example/x?a=1&amp;b=2|docs>")]
    [InlineData("https://a.example/x", "<https://a.example/x>")]
    [InlineData("<https://a.example>", "<https://a.example/>")]
    [InlineData("<ana@a.example>", "<mailto:ana@a.example|ana@a.example>")]
    [InlineData("![a chart](https://a.example/c.png)", "<https://a.example/c.png|a chart>")]
    [InlineData("[file](src/a.cs)", "file (src/a.cs)")]
    [InlineData("[click](javascript:alert(1))", "click (javascript:alert(1))")]
    [InlineData("[https://bank.example](https://evil.example)", "<https://evil.example/>")]
    [InlineData("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d")]
    [InlineData("&lt;!channel&gt; &amp;", "&lt;!channel&gt; &amp;")]
    [InlineData("line<br>break", "line\nbreak")]
    [InlineData("---", "──────────")]
    [InlineData("```cs\nvar a = b < c;\n```", "```\nvar a = b &lt; c;\n```")]
    [InlineData("```\nunfinished", "```\nunfinished\n```")]
    [InlineData("", "")]
    public void Markdown_becomes_mrkdwn(string markdown, string mrkdwn) => MarkdownToMrkdwn.Convert(markdown).ShouldBe(mrkdwn);

    [Fact]
    public void A_table_becomes_aligned_text() =>
        MarkdownToMrkdwn.Convert("| name | n |\n|---|---|\n| **a** | 1 |\n| longer | 22 |").ShouldBe("```\nname    n\n──────  ──\na       1\nlonger  22\n```");

    [Fact]
    public void Code_in_a_list_item_keeps_its_fences_at_the_beginning_of_a_line() =>
        MarkdownToMrkdwn.Convert("1. do\n   ```\n   x\n     y\n   ```\n2. done").ShouldBe("1. do\n```\nx\n  y\n```\n2. done");

    [Theory]
    [InlineData("<!channel> <!here> <!everyone>")]
    [InlineData("<@UEVE> and <#C1> and <!subteam^S1>")]
    [InlineData("**<!channel>** `<!channel>` ~~<@UEVE>~~")]
    [InlineData("```\n<!channel>\n```")]
    [InlineData("    <!channel>")]
    [InlineData("# <!channel>\n> <!here>\n- <@UEVE>")]
    [InlineData("| <!channel> |\n|---|\n| <@UEVE> |")]
    [InlineData("[<!channel>](https://a.example)")]
    [InlineData("[a](https://a.example/<!channel>)")]
    [InlineData("[a](<https://a.example/ <!channel>>)")]
    [InlineData("[a](https://a.example/x|<!channel>)")]
    [InlineData("![<@UEVE>](https://a.example)")]
    [InlineData("<https://a.example|<!channel>>")]
    [InlineData("<!channel@a.example> <mailto:a@b.example|x>")]
    [InlineData("&lt;!channel&gt; &#60;!here&#62; \\<!everyone>")]
    [InlineData("[a]: <!channel>\n\n[a]")]
    [InlineData("<div>\n<!channel>\n</div>")]
    [InlineData("<!-- <!channel> -->")]
    [InlineData("tel:<!channel> ftp://<@UEVE>")]
    public void No_agent_can_mention_anybody(string markdown)
    {
        BlockKit.ShouldMentionOnlyPeople(MarkdownToMrkdwn.Convert(markdown), allowed: "nobody");
        foreach (var piece in MrkdwnSplitter.Split(MarkdownToMrkdwn.Convert(string.Concat(Enumerable.Repeat(markdown + "\n\n", 30))), 100)) BlockKit.ShouldMentionOnlyPeople(piece, allowed: "nobody");
    }

    [Fact]
    public void Random_markdown_mentions_nobody_and_splits_into_whole_pieces()
    {
        string[] tokens = ["<", ">", "!", "@", "UEVE", "channel", "&", "lt;", "`", "``", "```", "\n", "\n\n", "    ", "*", "**", "_", "~~", "[", "](", ")", "https://a.example/", "|", "\n|---|\n", "- ", "1. ", "> ", "# ", " ", "words and more words ", "😀", "\u202E", "<!channel>", "\\"];
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var markdown = new StringBuilder();
            for (var i = 0; i < 120; i++) markdown.Append(tokens[random.Next(tokens.Length)]);
            var mrkdwn = MarkdownToMrkdwn.Convert(markdown.ToString());
            BlockKit.ShouldMentionOnlyPeople(mrkdwn, allowed: "nobody");
            foreach (var piece in MrkdwnSplitter.Split(mrkdwn, 300))
            {
                piece.Length.ShouldBeInRange(1, 300);
                BlockKit.ShouldMentionOnlyPeople(piece, allowed: "nobody");
                (piece.Split('\n').Count(l => l == "```") % 2).ShouldBe(0, $"seed {seed}");
            }
        }
    }

    [Theory]
    [InlineData('>')]
    [InlineData('[')]
    [InlineData('*')]
    [InlineData('(')]
    public void Deep_nesting_is_survived(char mark) => MarkdownToMrkdwn.Convert(new string(mark, 20_000) + " <!channel>").ShouldNotContain("<!");
}
