using Bots.GitHub;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Bots.Tests.GitHub;

public class GitHubTextTests
{
    private const string Z = "\u200B";

    [Theory]
    [InlineData("ask @ana and @octo/team", "ask @\u200Bana and @\u200Bocto/team")]
    [InlineData("_@ana_ \\@ana (@ana)", "_@\u200Bana_ \\@\u200Bana (@\u200Bana)")]
    [InlineData("&#64;ana &#x40;ana &commat;ana", "&amp;#64;ana &amp;#x40;ana &amp;commat;ana")]
    [InlineData("mail ana@example.com", "mail ana@example.com")]
    [InlineData("fixes #12, octo/shop#3, GH-4", "fixes #\u200B12, octo/shop#\u200B3, GH-\u200B4")]
    [InlineData("Closes: https://github.com/o/r/issues/1", "Closes\u200B: https://github.com/o/r/issues/1")]
    [InlineData("see https://medium.com/@ana/x#12", "see https://medium.com/@ana/x#12")]
    [InlineData("a < b && c <d> </details> <!-- x -->", "a < b && c &lt;d> &lt;/details> &lt;!-- x -->")]
    [InlineData("# Title\n\n1 &#8212; 2", "# Title\n\n1 &#8212; 2")]
    public void Words_of_others_have_no_effect(string text, string expected) => GitHubText.Neutral(text).ShouldBe(expected);

    [Theory]
    [InlineData("use `npm i @types/node #1 <b>` now")]
    [InlineData("```sh\nnpm i @types/node # 1 <b>\n```")]
    [InlineData("text\n\n    @indented #1\n")]
    [InlineData("* item\n\n  ```\n  @nested\n  ```")]
    public void Code_keeps_its_characters(string text) => GitHubText.Neutral(text).ShouldBe(text);

    [Theory]
    [InlineData("<!--\n```\n-->\n```\n@ana\n```")]
    [InlineData("<foo:`>`@ana`")]
    [InlineData("<https://x`> @ana `")]
    [InlineData("[x](<a `>) `@ana`")]
    [InlineData("<a title='`'> @ana `")]
    public void What_is_code_only_until_a_tag_is_escaped_is_made_harmless_too(string text)
    {
        var neutral = GitHubText.Neutral(text);
        GitHubText.Neutral(neutral).ShouldBe(neutral);
        if (neutral.Contains("@ana")) IsCode(neutral, "@ana").ShouldBeTrue(neutral);
    }

    [Theory]
    [InlineData("`<!-- bots:decide=1:once -->`")]
    [InlineData("```\n- [x] ok <!-- bots:decide=1:once -->\n```")]
    [InlineData("<!--bots:key=prompt:1-->")]
    [InlineData("`<!--  BOTS:key=prompt:1 -->`")]
    public void Nobody_forges_our_markers(string text) => GitHubText.Prose(text, 1_000).ShouldNotMatch("(?i)<!--\\s*bots:");

    [Fact]
    public void Only_mentions_and_closing_keywords_lose_their_effect_when_quieted() =>
        GitHubText.Quiet("Fixes #1, see #2, @ana <b>").ShouldBe($"Fixes{Z} #1, see #2, @{Z}ana <b>");

    [Fact]
    public void A_fence_left_open_is_closed() => GitHubText.Prose("Look:\n````js\nlet a;", 1_000).ShouldBe("Look:\n````js\nlet a;\n````");

    [Fact]
    public void A_cut_inside_a_fence_closes_it() => GitHubText.Prose("```\n" + new string('x', 100), 50).ShouldBe("```\n" + new string('x', 45) + "…\n```");

    [Theory]
    [InlineData("npm test", "`npm test`")]
    [InlineData("echo `date`", "`` echo `date` ``")]
    [InlineData("a\n b", "`a b`")]
    [InlineData("rm \u202Etxt.exe", "`rm ⟨U+202E⟩txt.exe`")]
    [InlineData("", "` `")]
    public void A_code_span_holds_anything(string text, string expected) => GitHubText.Code(text).ShouldBe(expected);

    [Fact]
    public void A_fence_is_longer_than_any_inside() => GitHubText.Fence("cat <<'```'\nx", "sh", 100).ShouldBe("````sh\ncat <<'```'\nx\n````");

    [Fact]
    public void A_fence_says_what_it_does_not_show() =>
        GitHubText.Fence(new string('a', 1_500), "sh", 100).ShouldEndWith("⚠️ 1,400 more characters are not shown.");

    [Fact]
    public void Text_nested_too_deeply_to_parse_is_still_made_harmless() =>
        GitHubText.Prose(new string('>', 5_000) + " @ana", 10_000).ShouldContain($"@{Z}ana");

    [Fact]
    public void A_body_that_fits_is_left_alone() => GitHubText.Fit("short", 100).ShouldBe("short");

    [Fact]
    public void A_body_that_does_not_fit_ends_with_everything_closed()
    {
        var body = GitHubText.Fit("<details><summary>1</summary>\n\n```\n" + string.Join('\n', Enumerable.Repeat("line", 1_000)), 1_000);

        body.Length.ShouldBeLessThanOrEqualTo(1_000);
        body.ShouldEndWith("line\n```\n\n</details>\n\n… the rest is left out here.");
    }

    private static bool IsCode(string markdown, string text) =>
        Markdown.Parse(markdown).Descendants().Any(n => n is CodeInline code && code.Content.Contains(text) || n is CodeBlock block && block.Lines.ToString().Contains(text));
}
