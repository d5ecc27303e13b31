using Bots.Engine.Forges;
using Bots.Engine.Repositories;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Bots.Engine.Tests.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bots.Engine.Tests.Repositories;

public class ForgeSettingsTests
{
    private static readonly RepositoryName Shop = RepositoryName.Parse("octo/shop");

    private readonly ManualTimeProvider _clock = new(new Pulse());
    private readonly SlowForge _forge = new();
    private readonly ForgeSettings _settings;

    public ForgeSettingsTests() => _settings = Under(new SandboxOptions());

    [Fact]
    public async Task A_repository_without_files_has_the_defaults() => EngineJson.Write(await Of()).ShouldBe(EngineJson.Write(RepositorySettings.Default));

    [Fact]
    public async Task They_are_read_anew_after_two_minutes()
    {
        _forge.Files[".bots.yml"] = "setup: one";
        (await Of()).Setup.ShouldBe("one");
        _forge.Files[".bots.yml"] = "setup: two";
        _clock.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromSeconds(1));
        (await Of()).Setup.ShouldBe("one");

        _clock.Advance(TimeSpan.FromSeconds(1));

        (await Of()).Setup.ShouldBe("two");
    }

    [Fact]
    public async Task Whoever_asks_meanwhile_waits_for_the_same_and_may_give_up()
    {
        _forge.Gate = new TaskCompletionSource();
        using var impatient = new CancellationTokenSource();
        var first = _settings.Of(Shop, impatient.Token);
        var second = Of();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);

        _forge.Gate.SetResult();

        (await second).ShouldNotBeNull();
        _forge.Reads.ShouldBe(4);
        await Of();
        _forge.Reads.ShouldBe(4);
    }

    [Fact]
    public async Task A_forge_that_does_not_answer_leaves_what_was_last_read()
    {
        _forge.Files[".bots.yml"] = "setup: one";
        await Of();
        _forge.Failure = new ForgeException("GitHub would not read it: no answer in time", transient: true);
        _clock.Advance(TimeSpan.FromMinutes(2));
        var stale = await Of();
        (stale.Setup, stale.Remarks.Count).ShouldBe(("one", 0));

        _forge.Failure = null;
        _forge.Files[".bots.yml"] = "setup: two";
        (await Of()).Setup.ShouldBe("one");
        _clock.Advance(TimeSpan.FromSeconds(20));

        (await Of()).Setup.ShouldBe("two");
    }

    [Fact]
    public async Task A_forge_that_refuses_leaves_it_too_and_it_is_said()
    {
        _forge.Files[".bots.yml"] = "setup: one";
        await Of();
        _forge.Failure = new ForgeException("GitHub would not read it: it is larger than 512 KiB", transient: false);
        _clock.Advance(TimeSpan.FromMinutes(2));

        var stale = await Of();

        stale.Setup.ShouldBe("one");
        stale.Remarks.ShouldHaveSingleItem().ShouldBe("The repository's settings could not be read anew; those of before hold. GitHub would not read it: it is larger than 512 KiB");
    }

    [Fact]
    public async Task Where_nothing_was_ever_read_the_defaults_hold_and_it_is_said()
    {
        _forge.Failure = new ForgeException("GitHub would not read it: no answer in time", transient: true);

        (await Of()).Remarks.ShouldHaveSingleItem().ShouldBe(
            "The repository's settings (.bots.yml, devcontainer.json) could not be read, so the defaults hold. GitHub would not read it: no answer in time");
    }

    [Fact]
    public async Task What_nobody_expected_does_not_stop_a_turn_nor_tell_people_too_much()
    {
        _forge.Failure = new InvalidOperationException("secret detail");

        (await Of()).Remarks.ShouldHaveSingleItem().ShouldNotContain("secret detail");
    }

    [Fact]
    public async Task What_the_own_file_says_wins_key_by_key()
    {
        _forge.Files[".bots.yml"] = "setup: own\nstart: ''\nenvironment: { A: own }\nwrong: 1\n";
        _forge.Files[".devcontainer.json"] = """{ "image": "node:22", "postCreateCommand": "other", "postStartCommand": "other", "containerEnv": { "A": "other", "B": "other" }, "mounts": ["x"] }""";

        var settings = await Of();

        (settings.Image, settings.Setup, settings.Start).ShouldBe(("node:22", "own", null));
        settings.Environment.ShouldBe(new Dictionary<string, string> { ["A"] = "own", ["B"] = "other" }, ignoreOrder: true);
        settings.Remarks.Count.ShouldBe(2);
        settings.Remarks[0].ShouldStartWith(".bots.yml, line 4, column 1:");
        settings.Remarks[1].ShouldStartWith(".devcontainer.json: I could not honour mounts.");
    }

    [Fact]
    public async Task Of_two_files_of_a_kind_the_first_is_read()
    {
        _forge.Files[".bots.yml"] = "setup: yml";
        _forge.Files[".bots.yaml"] = "setup: yaml";
        _forge.Files[".devcontainer/devcontainer.json"] = """{ "image": "a" }""";
        _forge.Files[".devcontainer.json"] = """{ "image": "b" }""";

        var settings = await Of();

        (settings.Setup, settings.Image).ShouldBe(("yml", "a"));
        settings.Remarks.ShouldHaveSingleItem().ShouldBe(".bots.yaml: only .bots.yml is read. Take one of the two out.");
    }

    [Fact]
    public async Task The_longer_name_is_read_as_well()
    {
        _forge.Files[".bots.yaml"] = "setup: yaml\nx: y\n";

        var settings = await Of();

        settings.Setup.ShouldBe("yaml");
        settings.Remarks.ShouldHaveSingleItem().ShouldStartWith(".bots.yaml, line 2");
    }

    [Theory]
    [InlineData("node:22", "node:22")]
    [InlineData("node:*", "node:22")]
    [InlineData("ghcr.io/acme/*", "ghcr.io/acme/tools:1")]
    [InlineData("*", "anything@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task An_image_the_operator_allows_is_taken(string allowed, string image)
    {
        _forge.Files[".devcontainer.json"] = $$"""{ "image": "{{image}}" }""";

        var settings = await Under(new() { Provider = "docker", Images = ["other", allowed] }).Of(Shop, TestContext.Current.CancellationToken);

        settings.Image.ShouldBe(image);
        settings.Remarks.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("payroll:latest")]
    [InlineData("docker.io/library/node:22")]
    [InlineData("4f53cda18c2b")]
    [InlineData("ghcr.io/acme2/tools")]
    [InlineData("evil/node:22")]
    public async Task Any_other_image_of_the_engine_is_refused_with_a_remark_and_the_default_one_taken(string image)
    {
        _forge.Files[".bots.yml"] = $"image: {image}\nsetup: npm ci\n";

        var settings = await Under(new() { Provider = "docker", Images = ["bots-sandbox:latest", "node:*", "ghcr.io/acme/*"] }).Of(Shop, TestContext.Current.CancellationToken);

        (settings.Image, settings.Setup).ShouldBe((null, "npm ci"));
        settings.Remarks.ShouldHaveSingleItem().ShouldBe(
            $"The image {image} is not allowed here, so the sandboxes of this repository are made of the default one. Whoever runs the service can allow it: `Sandbox:Docker:Images`.");
    }

    private ForgeSettings Under(SandboxOptions sandboxes) => new(_forge, sandboxes, _clock, NullLogger<ForgeSettings>.Instance);

    private Task<RepositorySettings> Of() => _settings.Of(Shop, TestContext.Current.CancellationToken);

    private sealed class SlowForge : IForge
    {
        private int _reads;

        public Uri Web { get; } = new("https://github.com/");

        public Dictionary<string, string> Files { get; } = [];

        public TaskCompletionSource? Gate { get; set; }

        public Exception? Failure { get; set; }

        public int Reads => _reads;

        public async Task<ForgeFile?> ReadFile(RepositoryName repository, string path, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _reads);
            if (Gate is { } gate) await gate.Task.WaitAsync(cancellation);
            if (Failure is { } failure) throw failure;
            return Files.TryGetValue(path, out var text) ? new ForgeFile(text, "c0ffee") : null;
        }

        public Task<IReadOnlyList<KnownRepository>> Repositories(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<string> DefaultBranch(RepositoryName repository, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<PullRequest?> FindPullRequest(RepositoryName repository, string branch, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<PullRequest> OpenPullRequest(RepositoryName repository, NewPullRequest request, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Person> Self(CancellationToken cancellation) => throw new NotSupportedException();

        public Task<bool> IsAncestor(RepositoryName repository, string ancestor, string commit, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<GitAccess> Access(RepositoryName repository, GitRight right, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
