using Bots.Engine.Permissions;
using Bots.Engine.Sessions;
using static Bots.Engine.Tests.Permissions.Rules;

namespace Bots.Engine.Tests.Permissions;

public class PathRuleTests
{
    [Theory]
    [InlineData("edit: .github/**", ".github/workflows/ci.yml", true)]
    [InlineData("edit: .github/**", "/workspace/.github/dependabot.yml", true)]
    [InlineData("edit: .github/**", "/workspace/src/../.github/x", true)]
    [InlineData("edit: .github/**", ".github", true)]
    [InlineData("edit: .github/**", "src/.github/x", false)]
    [InlineData("edit: .github/**", ".githubx/y", false)]
    [InlineData("edit: .github/", ".github/a/b", true)]
    [InlineData("edit: .github", "sub/.github/x", true)]
    [InlineData("edit: *.lock", "a/b/yarn.lock", true)]
    [InlineData("edit: *.lock", "yarn.lock", true)]
    [InlineData("edit: *.lock", "yarn.lock.md", false)]
    [InlineData("edit: src/*.js", "src/a.js", true)]
    [InlineData("edit: src/*.js", "src/deep/a.js", false)]
    [InlineData("edit: src/**/*.js", "src/deep/er/a.js", true)]
    [InlineData("edit: src/**/*.js", "src/a.js", true)]
    [InlineData("edit: **/secret/**", "a/secret/b", true)]
    [InlineData("edit: **", "anything", true)]
    [InlineData("edit: *", "any/thing", true)]
    [InlineData("edit: *", "/etc/passwd", true)]
    [InlineData("edit: src/**", "/etc/src/x", false)]
    [InlineData("delete: src/**", "src/x", false)]
    public void One_file_is_enough_to_ask_or_deny(string rule, string path, bool concerned)
    {
        var usual = Decide(File("edit", path), PolicyRules.None).Verdict;
        Decide(File("edit", "/workspace/other", path), Of(deny: [rule])).Verdict.ShouldBe(concerned ? PolicyVerdict.Deny : usual);
        Decide(File("edit", "/workspace/other", path), Of(ask: [rule])).Verdict.ShouldBe(concerned ? PolicyVerdict.Ask : usual);
    }

    [Fact]
    public void A_path_in_a_diff_counts() =>
        Decide(File("edit") with { Diffs = [new FileDiff("/workspace/.github/x", null, "")] }, Of(deny: ["edit: .github/**"])).Verdict.ShouldBe(PolicyVerdict.Deny);

    [Theory]
    [InlineData(".github")]
    [InlineData(".github/workflows")]
    public void A_folder_is_not_deleted_where_what_is_in_it_must_not_be(string folder) =>
        Decide(File("delete", folder), Of(allow: ["delete: *"], deny: ["delete: .github/workflows/*.yml"])).Verdict.ShouldBe(PolicyVerdict.Deny);

    [Theory]
    [InlineData("delete: build/**", "build/a", true)]
    [InlineData("delete: build/**", "build/a/b", true)]
    [InlineData("delete: build/**", "build", false)]
    [InlineData("delete: build/", "build/a/b", true)]
    [InlineData("delete: build", "build/a", false)]
    [InlineData("delete: build/*", "build/a/b", false)]
    [InlineData("delete: build/**", "build/../src/a", false)]
    [InlineData("delete: build/**", "/build/a", false)]
    [InlineData("delete: *.tmp", "x/y/z.tmp", true)]
    [InlineData("delete: *", "src/a", true)]
    [InlineData("delete: **", "src/a", true)]
    [InlineData("delete: *", "/workspace", false)]
    [InlineData("delete: *", "/home/agent/x", false)]
    [InlineData("delete: *", "/workspace/../etc/passwd", false)]
    [InlineData("delete: *", ".git/config", false)]
    [InlineData("delete: .git/**", ".git/config", false)]
    [InlineData("delete: *", "sub/.GIT/config", false)]
    [InlineData("delete: *", "a\0b", false)]
    [InlineData("edit: *", "src/a", false)]
    public void Every_file_has_to_be_allowed(string rule, string path, bool allowed)
    {
        Decide(File("delete", path), Of(allow: [rule])).Verdict.ShouldBe(allowed ? PolicyVerdict.Allow : PolicyVerdict.Ask);
        Decide(File("delete", path, "/workspace/never"), Of(allow: [rule, "delete: never2"])).Verdict
            .ShouldBe(allowed && rule is "delete: *" or "delete: **" ? PolicyVerdict.Allow : PolicyVerdict.Ask);
    }

    [Fact]
    public void A_deletion_of_nobody_knows_what_is_asked() => Decide(File("delete"), Of(allow: ["delete: *"])).Verdict.ShouldBe(PolicyVerdict.Ask);

    [Fact]
    public void Reading_can_be_denied_and_asked()
    {
        Decide(File("read", ".env"), Of(deny: ["read: .env*"])).Verdict.ShouldBe(PolicyVerdict.Deny);
        Decide(File("search", "/workspace"), Of(ask: ["search: *"])).Verdict.ShouldBe(PolicyVerdict.Ask);
        Decide(File("search"), Of(ask: ["search: *"])).Verdict.ShouldBe(PolicyVerdict.Ask);
    }

    [Theory]
    [InlineData("fetch: https://docs.example.com/*", "https://docs.example.com/a", PolicyVerdict.Allow)]
    [InlineData("fetch: https://docs.example.com/*", "https://docs.example.com.evil/a", PolicyVerdict.Ask)]
    [InlineData("fetch: https://docs.example.com/*", "https://docs.example.com/a b", PolicyVerdict.Ask)]
    [InlineData("fetch: *", "https://x.example", PolicyVerdict.Allow)]
    [InlineData("fetch: *", null, PolicyVerdict.Ask)]
    public void What_is_fetched_is_known_by_its_address_only(string rule, string? url, PolicyVerdict expected) =>
        Decide(new ToolCall { Id = "1", Kind = "fetch", Url = url, Title = "https://docs.example.com/a" }, Of(allow: [rule])).Verdict.ShouldBe(expected);

    [Fact]
    public void Fetching_is_denied_by_title_too() =>
        Decide(new ToolCall { Id = "1", Kind = "fetch", Title = "https://x.example/a (text/html)" }, Of(deny: ["fetch: https://x.example/*"])).Verdict.ShouldBe(PolicyVerdict.Deny);

    [Theory]
    [InlineData("other")]
    [InlineData("of_next_year")]
    public void Kinds_nobody_knows_are_the_others_and_allowed_only_as_a_whole(string kind)
    {
        var call = new ToolCall { Id = "1", Kind = kind, Title = "deploy" };
        Decide(call, Of(allow: ["other: *"])).Verdict.ShouldBe(PolicyVerdict.Allow);
        Decide(call, Of(allow: ["other: deploy"])).Verdict.ShouldBe(PolicyVerdict.Ask);
        Decide(call, Of(deny: ["other: depl*"])).Verdict.ShouldBe(PolicyVerdict.Deny);
    }
}
