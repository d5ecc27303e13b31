using System.Threading.Channels;
using Bots.Engine.Agents;
using Bots.Engine.Gateway;
using Bots.Engine.Permissions;
using Bots.Engine.Prompts;

namespace Bots.Engine.Turns;

/// <summary>Everything a running turn reacts to, one after the other. Pieces of text are held back up to 100 ms, to be stored together.</summary>
internal sealed class TurnInputs : IAsyncDisposable
{
    private const int MostInputs = 1000;

    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(100);

    private readonly Channel<TurnInput> _inputs = Channel.CreateUnbounded<TurnInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _ended = new();
    private readonly SessionId _session;
    private readonly PermissionStore _permissions;
    private readonly PromptStore _prompts;
    private readonly ModelTrouble _models;
    private readonly TimeProvider _clock;
    private readonly Task _reading;
    private readonly Task _syncing;
    private long _lastBatch;

    public TurnInputs(TurnContext context, AgentChannel channel)
    {
        (_session, _permissions, _prompts, _models, _clock) = (context.Session.Id, context.Permissions, context.Prompts, context.Models, context.Clock);
        _permissions.Decided += Wake;
        _prompts.StopAsked += Wake;
        _models.Hopeless += GiveUp;
        _inputs.Writer.TryWrite(new TurnInput.Woken());
        _reading = Read(channel);
        _syncing = Watch(context.Synced);
    }

    /// <summary>The next inputs; null when nothing came for <paramref name="patience"/>.</summary>
    public async Task<IReadOnlyList<TurnInput>?> Next(TimeSpan? patience, CancellationToken cancellation)
    {
        if (!await Wait(patience, cancellation)) return null;
        var batch = new List<TurnInput>();
        Drain(batch);
        while (batch.Count < MostInputs && batch.TrueForAll(i => i is TurnInput.Heard { IsText: true }) && Coalesce - _clock.GetElapsedTime(_lastBatch) is var rest && rest > TimeSpan.Zero)
        {
            if (!await Wait(rest, cancellation)) break;
            Drain(batch);
        }

        _lastBatch = _clock.GetTimestamp();
        return batch;
    }

    public async ValueTask DisposeAsync()
    {
        _permissions.Decided -= Wake;
        _prompts.StopAsked -= Wake;
        _models.Hopeless -= GiveUp;
        _models.Forget(_session);
        await _ended.CancelAsync();
        await _reading;
        await _syncing;
        _ended.Dispose();
    }

    private void Drain(List<TurnInput> batch)
    {
        while (batch.Count < MostInputs && _inputs.Reader.TryRead(out var input)) batch.Add(input);
    }

    private async Task<bool> Wait(TimeSpan? patience, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(patience ?? Timeout.InfiniteTimeSpan, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await _inputs.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Wake(SessionId session)
    {
        if (session == _session) _inputs.Writer.TryWrite(new TurnInput.Woken());
    }

    private void GiveUp(SessionId session, string cause)
    {
        if (session == _session) _inputs.Writer.TryWrite(new TurnInput.Hopeless(cause));
    }

    private async Task Read(AgentChannel channel)
    {
        try
        {
            await foreach (var output in channel.Read(_ended.Token)) _inputs.Writer.TryWrite(new TurnInput.Heard(output));
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            _inputs.Writer.TryWrite(new TurnInput.Broken(e));
        }
    }

    /// <summary>A workspace that can't be brought up to date ends the turn, whatever the agent does meanwhile.</summary>
    private async Task Watch(Task synced)
    {
        try
        {
            await synced.WaitAsync(_ended.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e)
        {
            _inputs.Writer.TryWrite(new TurnInput.Broken(e));
        }
    }
}
