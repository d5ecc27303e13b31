using Bots.Engine.Sandboxes;
using Bots.Engine.Workspaces;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Tests.Sandboxes;

public sealed class SandboxStoreTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly SandboxStore _sandboxes;
    private readonly SandboxId _id = SandboxId.New();
    private readonly SessionId _session = SessionId.New();

    public SandboxStoreTests() => _sandboxes = new SandboxStore(_temporary.Store, _temporary.Clock);

    private WorkspaceRow Workspace => new()
    {
        Id = WorkspaceId.New(), Repository = RepositoryName.Parse("acme/shop"), SessionId = _session, CreatedAt = _temporary.Clock.GetUtcNow(),
    };

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_registration_token_is_exchanged_once()
    {
        var token = await _sandboxes.Add(_id, Workspace, SandboxPurpose.Session, CancellationToken.None);

        (await Redeem(token, "session-1")).ShouldBe(_id);
        (await Redeem(token, "session-2")).ShouldBeNull();

        (await Find("session-1")).ShouldBe(_id);
        (await Find("session-2")).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_who_come_at_once_with_a_registration_token_one_gets_in()
    {
        var token = await _sandboxes.Add(_id, Workspace, SandboxPurpose.Session, CancellationToken.None);

        var redeemed = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Redeem(token, $"session-{i}"))));

        redeemed.Count(id => id == _id).ShouldBe(1);
        redeemed.Count(id => id is null).ShouldBe(7);
    }

    [Theory]
    [InlineData(299, true)]
    [InlineData(300, false)]
    [InlineData(3600, false)]
    public async Task A_registration_token_is_good_for_five_minutes(int seconds, bool good)
    {
        var token = await _sandboxes.Add(_id, Workspace, SandboxPurpose.Session, CancellationToken.None);
        _temporary.Clock.Advance(TimeSpan.FromSeconds(seconds));

        (await Redeem(token, "session")).HasValue.ShouldBe(good);
    }

    [Fact]
    public async Task A_registration_token_of_a_stopped_sandbox_is_worthless()
    {
        var token = await _sandboxes.Add(_id, Workspace, SandboxPurpose.Session, CancellationToken.None);
        await _sandboxes.Stopped(_id);

        (await Redeem(token, "session")).ShouldBeNull();
    }

    [Fact]
    public async Task A_session_token_of_a_stopped_sandbox_is_worthless()
    {
        await Redeem(await _sandboxes.Add(_id, Workspace, SandboxPurpose.Session, CancellationToken.None), "session");

        await _sandboxes.Stopped(_id);

        (await Find("session")).ShouldBeNull();
    }

    [Fact]
    public async Task What_nobody_was_given_opens_nothing()
    {
        await _sandboxes.Add(_id, Workspace, SandboxPurpose.Session, CancellationToken.None);

        (await Redeem("guessed", "session")).ShouldBeNull();
        (await Redeem("", "session")).ShouldBeNull();
        (await Find("")).ShouldBeNull();
        (await Find("session")).ShouldBeNull();
    }

    [Fact]
    public async Task Tokens_are_kept_as_hashes_only()
    {
        var token = await _sandboxes.Add(_id, Workspace, SandboxPurpose.Session, CancellationToken.None);
        await Redeem(token, "the-session-token");
        _temporary.Reopen();

        var file = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_temporary.File, TestContext.Current.CancellationToken));
        token.Length.ShouldBeGreaterThanOrEqualTo(43, "256 bits");
        file.ShouldContain(_id.Value);
        file.ShouldNotContain(token);
        file.ShouldNotContain("the-session-token");
    }

    [Fact]
    public async Task A_sessions_sandbox_is_the_one_that_was_started_last()
    {
        var newer = SandboxId.New();
        await _sandboxes.Add(_id, Workspace, SandboxPurpose.Session, CancellationToken.None);
        _temporary.Clock.Advance(TimeSpan.FromSeconds(1));
        await _sandboxes.Add(newer, Workspace, SandboxPurpose.Session, CancellationToken.None);

        _temporary.Store.Read(db => SandboxStore.LiveOf(db, _session))!.Id.ShouldBe(newer);
        await _sandboxes.Stopped(newer);
        _temporary.Store.Read(db => SandboxStore.LiveOf(db, _session))!.Id.ShouldBe(_id);
    }

    private Task<SandboxId?> Redeem(string registration, string session) =>
        _sandboxes.Redeem(SidecarTokens.Hash(registration), SidecarTokens.Hash(session), CancellationToken.None);

    private Task<SandboxId?> Find(string session) => _sandboxes.Find(SidecarTokens.Hash(session), CancellationToken.None);
}
