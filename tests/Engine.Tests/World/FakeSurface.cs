using System.Collections.Concurrent;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;

namespace Bots.Engine.Tests.World;

/// <summary>A surface that shows states in words. It counts posts, and can be told to fail.</summary>
public sealed class FakeSurface : ISurface
{
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<SurfaceException> _failures = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "fake";

    public TimeSpan EditInterval { get; init; } = TimeSpan.Zero;

    /// <summary>What stands there: remote id, message key, content.</summary>
    public List<Posted> Messages { get; } = [];

    /// <summary>The next post or edit fails like this; with <see cref="SurfaceOutcome.Unknown"/> it nevertheless has its effect.</summary>
    public void Fail(SurfaceOutcome outcome) => _failures.Enqueue(new SurfaceException(outcome, outcome.ToString()));

    public IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now) =>
    [
        .. session.Candidates.IsEmpty ? [] : new[] { new SurfaceMessage { Key = "choose", Content = string.Join(",", session.Candidates.Select(c => c.Name)) } },
        .. session.Prompts.Where(p => p.Conversation == conversation).SelectMany(Show),
    ];

    public SurfaceMessage Render(Notice notice) => new() { Key = $"notice:{notice.Id}", Content = notice.Text, Editable = false };

    public Task<string> Post(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation)
    {
        _failures.TryDequeue(out var failure);
        if (failure is null or { Outcome: SurfaceOutcome.Unknown })
        {
            lock (_lock) Messages.Add(new Posted($"{Messages.Count + 1}", conversation, message.Key, message.Content));
            Wake();
        }

        return failure is null ? Task.FromResult(Messages[^1].Id) : Task.FromException<string>(failure);
    }

    public Task Edit(ConversationKey conversation, string remoteId, SurfaceMessage message, CancellationToken cancellation)
    {
        if (_failures.TryDequeue(out var failure)) return Task.FromException(failure);
        lock (_lock)
        {
            var index = Messages.FindIndex(m => m.Id == remoteId);
            Messages[index] = Messages[index] with { Content = message.Content, Edits = Messages[index].Edits + 1 };
        }

        Wake();
        return Task.CompletedTask;
    }

    public Task<string?> Find(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation)
    {
        lock (_lock) return Task.FromResult(Messages.Find(m => m.Key == message.Key && m.Conversation == conversation)?.Id);
    }

    public Task<ConversationKey> NewConversation(string place, CancellationToken cancellation) => Task.FromResult(new ConversationKey(Name, $"{place}/new"));

    public ConversationKey? Opened(ConversationKey conversation, string remoteId) =>
        conversation.Key.EndsWith("/new", StringComparison.Ordinal) ? conversation with { Key = conversation.Key[..^3] + remoteId } : null;

    /// <summary>Waits until a message with this key shows what is expected.</summary>
    public async Task<Posted> Shows(string key, Func<string, bool> content)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Messages.Find(m => m.Key.StartsWith(key, StringComparison.Ordinal) && content(m.Content)) is { } found) return found;
                changed = _changed.Task;
            }

            await changed.Within();
        }
    }

    private static IEnumerable<SurfaceMessage> Show(PromptView prompt)
    {
        yield return new SurfaceMessage { Key = $"prompt:{prompt.Id}", Content = string.Join(' ', new[] { prompt.State.ToString(), prompt.Answer, prompt.Cause }.Where(part => !string.IsNullOrEmpty(part))), Urgent = prompt.IsOver };
        foreach (var permission in prompt.Permissions)
        {
            yield return new SurfaceMessage
            {
                Key = $"permission:{permission.Id}", Urgent = true,
                Content = $"{permission.Call.Command}: {permission.Outcome?.Decision.ToString() ?? "open"} {permission.Outcome?.By?.Name ?? permission.Outcome?.Rule}".Trim(),
            };
        }
    }

    private void Wake()
    {
        lock (_lock)
        {
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

public sealed record Posted(string Id, ConversationKey Conversation, string Key, string Content)
{
    public int Edits { get; init; }
}
