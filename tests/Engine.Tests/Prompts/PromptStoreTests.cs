using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Engine.Tests.World;
using Microsoft.Data.Sqlite;

namespace Bots.Engine.Tests.Prompts;

public sealed class PromptStoreTests : IDisposable
{
    private readonly TemporaryStore _temporary = new();
    private readonly SessionLog _log;
    private readonly SessionStore _sessions;
    private readonly PromptStore _prompts;

    public PromptStoreTests()
    {
        _log = new SessionLog(_temporary.Store, _temporary.Metrics, _temporary.Clock);
        _sessions = new SessionStore(_log, _temporary.Clock);
        _prompts = new PromptStore(new SchedulerOptions(), _log, _temporary.Metrics, _temporary.Clock);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task What_is_no_step_of_a_prompts_life_is_refused_and_leaves_nothing_in_the_log()
    {
        var prompt = await Add();
        await Move(prompt, PromptState.Queued, PromptState.Running);
        var events = _log.Read(prompt.SessionId, 0).Count;

        (await Should.ThrowAsync<SqliteException>(Move(prompt, PromptState.Running, PromptState.Queued))).Message.ShouldContain("No such transition of a prompt.");

        Read(prompt).State.ShouldBe(PromptState.Running);
        _log.Read(prompt.SessionId, 0).Count.ShouldBe(events);
    }

    [Fact]
    public async Task Who_comes_second_moves_nothing_and_logs_nothing()
    {
        var prompt = await Add();

        var moved = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Move(prompt, PromptState.Queued, PromptState.Running)));

        moved.Count(m => m).ShouldBe(1);
        _log.Read(prompt.SessionId, 0).Count(e => e.Event is SessionEvent.PromptStarted).ShouldBe(1);
    }

    [Fact]
    public async Task A_prompt_can_be_stopped_once_and_not_after_its_end()
    {
        var waiting = await Add();
        (await Stop(waiting)).ShouldBeTrue();
        (await Stop(waiting)).ShouldBeFalse();
        Read(waiting).State.ShouldBe(PromptState.Cancelled);

        var over = await Add();
        await Move(over, PromptState.Queued, PromptState.Running);
        await Move(over, PromptState.Running, PromptState.Completed);
        (await Stop(over)).ShouldBeFalse();
        Read(over).StoppedBy.ShouldBeNull();
    }

    [Fact]
    public async Task A_running_prompt_is_marked_and_its_turn_is_told()
    {
        var prompt = await Add();
        await Move(prompt, PromptState.Queued, PromptState.Running);
        var told = new TaskCompletionSource<SessionId>();
        _prompts.StopAsked += told.SetResult;

        await Stop(prompt);

        (await told.Task.Within()).ShouldBe(prompt.SessionId);
        (Read(prompt).State, Read(prompt).StoppedBy).ShouldBe((PromptState.Running, EngineWorld.Ben));
    }

    private async Task<PromptRow> Add()
    {
        var id = await _temporary.Store.Write(write =>
        {
            var session = _sessions.Open(write, EngineWorld.Key(Guid.NewGuid().ToString()), "opencode", null, null);
            return _prompts.Enqueue(write, session, EngineWorld.Request("fix it"));
        });
        return _temporary.Store.Read(db => PromptStore.Get(db, id))!;
    }

    private Task<bool> Move(PromptRow prompt, PromptState from, PromptState to) => _temporary.Store.Write(write => _prompts.Move(write, prompt, from, to));

    private Task<bool> Stop(PromptRow prompt) => _temporary.Store.Write(write => _prompts.Stop(write, prompt, EngineWorld.Ben));

    private PromptRow Read(PromptRow prompt) => _temporary.Store.Read(db => PromptStore.Get(db, prompt.Id))!;
}
