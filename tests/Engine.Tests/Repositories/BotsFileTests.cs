using Bots.Engine.Repositories;
using Bots.Engine.Storage;

namespace Bots.Engine.Tests.Repositories;

public class BotsFileTests
{
    [Fact]
    public void All_of_it_is_read()
    {
        var settings = Read("""
            image: node:22            # with the docker provider
            setup: npm ci
            start:
              - npm run db:up
              - npm run queue
            environment: { NODE_ENV: test, PORT: 3000, DEBUG: true, EMPTY: , QUOTED: "null" }
            tools:
              allow: ["npm test*", "execute: npm run lint"]
              ask: []
              deny:
                - execute: git push*
                - "edit: .github/**"
            network: [npm, "api.example.com:443", "*.example.org", cache.example.net]
            models: ["anthropic/*", "openai/gpt-5", "*"]
            """);

        settings.Remarks.ShouldBeEmpty();
        (settings.Image, settings.Setup, settings.Start).ShouldBe(("node:22", "npm ci", "npm run db:up\nnpm run queue"));
        settings.Environment.ShouldBe(new Dictionary<string, string> { ["NODE_ENV"] = "test", ["PORT"] = "3000", ["DEBUG"] = "true", ["EMPTY"] = "", ["QUOTED"] = "null" });
        settings.Tools.Allow.ShouldBe(["npm test*", "execute: npm run lint"]);
        settings.Tools.Ask.ShouldBeEmpty();
        settings.Tools.Deny.ShouldBe(["execute: git push*", "edit: .github/**"]);
        settings.Network.ShouldBe(["npm", "api.example.com:443", "*.example.org", "cache.example.net"]);
        settings.Models.ShouldBe(["anthropic/*", "openai/gpt-5", "*"]);
    }

    [Fact]
    public void The_example_in_the_documentation_is_read_whole()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Bots.sln"))) directory = directory.Parent.ShouldNotBeNull();
        var example = File.ReadAllText(Path.Combine(directory.FullName, "docs", "repositories.md")).Split("```yaml\n")[1].Split("```")[0];

        var settings = Read(example);

        settings.Remarks.ShouldBeEmpty();
        settings.Tools.Deny.ShouldBe(["execute: git push*"]);
        settings.Models.ShouldBe(["anthropic/*"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n# nothing yet\n")]
    [InlineData("---\n")]
    [InlineData("{}")]
    [InlineData("~")]
    public void An_empty_file_says_nothing(string text) => EngineJson.Write(Read(text)).ShouldBe(EngineJson.Write(RepositorySettings.Default));

    [Theory]
    [InlineData("setup: npm ci\ntols:\n  allow: []\n", 2, 1, "'tols' is no key of this file. There are: image, setup,")]
    [InlineData("Setup: npm ci", 1, 1, "'Setup' is no key")]
    [InlineData("image: [node]", 1, 8, "this is a list; write an image like node:22")]
    [InlineData("image:\n", 1, 7, "nothing stands here; write an image")]
    [InlineData("image: node 22", 1, 8, "no name of an image")]
    [InlineData("image: -rm", 1, 8, "no name of an image")]
    [InlineData("setup: { a: b }", 1, 8, "this is a mapping; write a command, or a list of commands")]
    [InlineData("setup:\n  - npm ci\n  - [a]\n", 3, 5, "this is a list; write a command.")]
    [InlineData("environment: [A=b]", 1, 14, "this is a list; write names and texts")]
    [InlineData("environment:\n  A-B: x\n", 2, 3, "'A-B' is no name of a variable")]
    [InlineData("environment:\n  GOOD: x\n  BOTS_TOKEN: x\n", 3, 3, "'BOTS_TOKEN' is set by the service")]
    [InlineData("environment: { OPENCODE_CONFIG_CONTENT: x }", 1, 16, "steers its agent")]
    [InlineData("environment: { A: [x] }", 1, 19, "this is a list; write a text")]
    [InlineData("tools: [x]", 1, 8, "this is a list; write the keys allow, ask and deny")]
    [InlineData("tools:\n  alow: [x]\n", 2, 3, "'alow' is no key of tools. There are: allow, ask, deny.")]
    [InlineData("tools:\n  allow: npm test\n", 2, 10, "this is a text; write a list of rules")]
    [InlineData("tools:\n  allow:\n    - npm test\n    - exec: npm ci\n", 4, 7, "the rule 'exec: npm ci' cannot be read: 'exec' is no kind")]
    [InlineData("tools: { deny: [\"edit: /etc/*\"] }", 1, 17, "the rule 'edit: /etc/*' cannot be read: is no path below the workspace")]
    [InlineData("network: npm", 1, 10, "this is a text; write a list")]
    [InlineData("network: [\"https://x.example/a\"]", 1, 11, "'https://x.example/a' is an address; write only the host")]
    [InlineData("network: [\"x.example:99999\"]", 1, 11, "has no port between 1 and 65535")]
    [InlineData("network: [\"*\"]", 1, 11, "'*' is no host")]
    [InlineData("network: [\"a.*.example\"]", 1, 11, "is no host")]
    [InlineData("models: [gpt]", 1, 10, "'gpt' is no model; write provider/model")]
    [InlineData("setup: a\nsetup: b\n", 2, 1, "'setup' stands here a second time; the first one holds")]
    [InlineData("[a]: b", 1, 1, "a list cannot be a key")]
    [InlineData("setup: a\n---\nsetup: b\n", 2, 1, "a second document begins here")]
    [InlineData("tools: { allow: [*.js] }", 1, 18, "*.js is an alias")]
    [InlineData("\u0001\u0002", 1, 1, "this is a text, where keys are expected")]
    [InlineData("just words", 1, 1, "this is a text, where keys are expected: image,")]
    [InlineData("- a\n- b\n", 1, 1, "this is a list, where keys are expected")]
    public void What_is_wrong_is_said_with_its_place_and_how_to_mend_it(string text, int line, int column, string remark)
    {
        var remarks = Read(text).Remarks;

        remarks.Count.ShouldBe(1);
        remarks[0].ShouldStartWith($".bots.yml, line {line}, column {column}: ");
        remarks[0].ShouldContain(remark);
    }

    [Fact]
    public void The_rest_is_honoured()
    {
        var settings = Read("image: [x]\nsetup: npm ci\nenvironment: { A: b, B-C: d }\ntools: { allow: [npm test, 'exec: x'] }\nnetwork: [npm, 'http://x']\nwhatever: 1\n");

        settings.Remarks.Count.ShouldBe(5);
        (settings.Image, settings.Setup).ShouldBe((null, "npm ci"));
        settings.Environment.Keys.ShouldBe(["A"]);
        settings.Tools.Allow.ShouldBe(["npm test"]);
        settings.Network.ShouldBe(["npm"]);
    }

    [Theory]
    [InlineData("tools:\n  allow: [git *]\n  deny: ['exec: git push*', git gc]\n")]
    [InlineData("tools:\n  deny: git push*\n  allow: [git *]\n")]
    [InlineData("tools:\n  allow: [git *]\n  dney: [git push*]\n")]
    [InlineData("tools:\n  allow: [git *]\n  ask: [[git push*]]\n")]
    [InlineData("tools:\n  deny: [git gc]\n  allow: [git *]\n  deny: [git push*]\n")]
    [InlineData("tools:\n  ask: [git gc]\n  ask: [git push*]\n  allow: [git *]\n")]
    [InlineData("tools:\n  allow: [git *]\ntools:\n  deny: [git push*]\n")]
    [InlineData("tools:\n  allow: [git *]\nsetup: a\n'tools': { deny: [git push*] }\n")]
    [InlineData("tools:\n  allow: [git *]\n  [deny]: [git push*]\n")]
    [InlineData("setup: &a tools\ntools:\n  allow: [git *]\n*a : { deny: [git push*] }\n")]
    [InlineData("tools:\n  allow: [git *]\n---\ntools:\n  deny: [git push*]\n")]
    [InlineData("tools:\n  allow: [git *]\n  deny: [{ execute: git gc, execute: git push* }]\n")]
    public void Nothing_is_allowed_while_a_denial_cannot_be_read(string text)
    {
        var settings = Read(text);

        settings.Tools.Allow.ShouldBeEmpty();
        settings.Remarks.ShouldContain(r => r.Contains("nothing of allow holds", StringComparison.Ordinal));
    }

    [Fact]
    public void What_stands_twice_elsewhere_leaves_the_rules_as_they_are()
    {
        var settings = Read("setup: a\nsetup: b\nenvironment: { A: b, A: c }\ntools:\n  allow: [git *]\n  deny: [git push*]\n");

        settings.Remarks.Count.ShouldBe(2);
        settings.Tools.Allow.ShouldBe(["git *"]);
        settings.Tools.Deny.ShouldBe(["git push*"]);
    }

    [Fact]
    public void A_script_with_a_line_missing_is_not_run() => Read("setup: [npm ci, {a: b}]").Setup.ShouldBeNull();

    [Theory]
    [InlineData("setup: 'npm ci\n", 1)]
    [InlineData("setup: npm ci\n  image: x\n", 2)]
    [InlineData("setup: npm ci\n\tstart: x\n", 1)]
    [InlineData("a: b: c\n", 1)]
    [InlineData("{\"json\": [1, 2\n", 2)]
    [InlineData("@nothing\n", 1)]
    [InlineData("%YAML 9.9\n---\nx: y\n", 1)]
    [InlineData("setup: x\0y\n", 1)]
    public void What_is_no_YAML_at_all_leaves_the_defaults_and_says_where_it_breaks(string text, int line)
    {
        var settings = Read(text);

        EngineJson.Write(settings).ShouldBe(EngineJson.Write(RepositorySettings.Default with { Remarks = settings.Remarks }));
        var remark = settings.Remarks.ShouldHaveSingleItem();
        remark.ShouldMatch($"^\\.bots\\.yml, line {line}, column [1-9][0-9]*: this is no YAML: .+");
        remark.ShouldEndWith("Until then nothing in this file holds.");
    }

    [Fact]
    public void Blanks_are_advised_where_a_tab_indents() => Read("setup: npm ci\n\tstart: x\n").Remarks.Single().ShouldContain("Indent with blanks");

    [Fact]
    public void Quotes_are_advised_where_a_star_begins_a_text() => Read("network: [*.example.com]").Remarks.Single().ShouldContain("quotes");

    [Fact]
    public void A_value_that_looks_like_a_secret_is_remarked_on_but_never_repeated()
    {
        var token = "ghp_" + new string('a', 36);
        var settings = Read($"environment:\n  A: b\n  TOKEN: {token}\n");

        var remark = settings.Remarks.ShouldHaveSingleItem();
        remark.ShouldStartWith(".bots.yml, line 3, column 10: the value of TOKEN looks like a secret.");
        remark.ShouldNotContain(token);
        settings.Environment["TOKEN"].ShouldBe(token);
    }

    [Fact]
    public void Remarks_have_an_end()
    {
        var remarks = Read(string.Concat(Enumerable.Range(0, 100).Select(i => $"key{i}: x\n"))).Remarks;

        remarks.Count.ShouldBe(9);
        remarks[^1].ShouldBe(".bots.yml: 92 more like these. Mend the first ones, and the next session shows what is left.");
    }

    private static RepositorySettings Read(string text) => BotsFile.Read(".bots.yml", text);
}
