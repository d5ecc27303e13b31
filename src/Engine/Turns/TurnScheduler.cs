using System.Collections.Concurrent;
using Bots.Engine.Prompts;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Bots.Engine.Turns;

/// <summary>Starts turns as places become free; at start it goes on with those a former run of the service left.</summary>
internal sealed class TurnScheduler(IStore store, PromptStore prompts, TurnRunner runner, TimeProvider clock, ILogger<TurnScheduler> logger)
    : Background(clock, logger)
{
    private readonly ConcurrentDictionary<PromptId, Task> _turns = new();

    public override int? Backlog => store.Read(PromptStore.Waiting);

    protected override Task Begin(CancellationToken stopping)
    {
        foreach (var prompt in store.Read(PromptStore.Running)) Start(prompt.Id);
        return Task.CompletedTask;
    }

    protected override Signal? Wake => prompts.Changed;

    protected override async Task<TimeSpan?> Round(CancellationToken cancellation)
    {
        while (await store.Write(Next, cancellation) is { } prompt) Start(prompt);
        return null;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_turns.Values);
    }

    private PromptId? Next(IWrite write)
    {
        if (prompts.NextRunnable(write.Db) is not { } prompt) return null;
        prompts.Move(write, prompt, PromptState.Queued, PromptState.Running);
        return prompt.Id;
    }

    private void Start(PromptId prompt)
    {
        var turn = Task.Run(() => runner.Run(prompt, Stopping), CancellationToken.None);
        _turns[prompt] = turn;
        _ = turn.ContinueWith(_ => _turns.TryRemove(prompt, out Task? _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
