using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;

namespace Bots.Engine.Tests.World;

/// <summary>A surface that shows states in words. It remembers every call, and can be told to fail.</summary>
public sealed class FakeSurface(Pulse pulse) : ISurface
{
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<Failing> _failures = new();
    private ImmutableList<Posted> _messages = [];
    private ImmutableList<SurfaceCall> _calls = [];

    public string Name => "fake";

    public TimeSpan EditInterval { get; set; } = TimeSpan.Zero;

    /// <summary>What stands there, in the order in which it was posted.</summary>
    public ImmutableList<Posted> Messages => Volatile.Read(ref _messages);

    /// <summary>Every post, edit and look-up that was tried, those that failed included.</summary>
    public ImmutableList<SurfaceCall> Calls => Volatile.Read(ref _calls);

    /// <summary>Awaited after each post and edit has had its effect and before it is answered.</summary>
    public Func<SurfaceMessage, Task> Answering { get; set; } = _ => Task.CompletedTask;

    /// <summary>The next post or edit fails like this.</summary>
    /// <param name="done">True when it nevertheless has its effect.</param>
    public void Fail(SurfaceOutcome outcome, TimeSpan? retryAfter = null, bool done = false) =>
        _failures.Enqueue(new Failing(new SurfaceException(outcome, outcome.ToString(), retryAfter), done));

    public IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now) =>
    [
        .. session.RepositoryAsked
            ? new[] { new SurfaceMessage { Key = "choose", Content = session.Candidates.IsEmpty ? $"chosen {session.Target!.Repository}" : string.Join(",", session.Candidates.Select(c => c.Name)) } }
            : [],
        .. session.Prompts.Where(p => p.Conversation == conversation).SelectMany(Show),
    ];

    public SurfaceMessage Render(Notice notice) => new() { Key = $"notice:{notice.Id}", Content = notice.Text, Editable = false };

    /// <summary>Whether there is a plain form of what is rejected.</summary>
    public bool HasPlain { get; set; }

    public SurfaceMessage? Plain(SurfaceMessage message) => !HasPlain ? null : message with { Content = $"plain {message.Content}" };

    public async Task<string> Post(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation)
    {
        var failing = Called("post", conversation, message);
        string id;
        lock (_lock)
        {
            id = $"{_messages.Count + 1}";
            if (failing is null or { Done: true }) _messages = _messages.Add(new Posted(id, conversation, message.Key, message.Content));
        }

        pulse.Beat();
        await Answering(message).WaitAsync(cancellation);
        return failing is null ? id : throw failing.Failure;
    }

    public async Task Edit(ConversationKey conversation, string remoteId, SurfaceMessage message, CancellationToken cancellation)
    {
        var failing = Called("edit", conversation, message);
        if (failing is null or { Done: true })
        {
            lock (_lock)
            {
                var old = _messages.Single(m => m.Id == remoteId);
                _messages = _messages.Replace(old, old with { Content = message.Content, Edits = old.Edits + 1 });
            }
        }

        pulse.Beat();
        await Answering(message).WaitAsync(cancellation);
        if (failing is not null) throw failing.Failure;
    }

    /// <summary>How long to wait before a post (false) or an edit (true).</summary>
    public Func<SurfaceMessage, bool, TimeSpan> Admitting { get; set; } = (_, _) => TimeSpan.Zero;

    public TimeSpan Admit(ConversationKey conversation, SurfaceMessage message, bool isEdit, bool urgent) => Admitting(message with { Urgent = urgent }, isEdit);

    public Task<string?> Find(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation)
    {
        lock (_lock) _calls = _calls.Add(new SurfaceCall("find", conversation, message.Key, message.Content));
        pulse.Beat();
        return Task.FromResult(Messages.Find(m => m.Key == message.Key && m.Conversation == conversation)?.Id);
    }

    public Task<ConversationKey> NewConversation(string place, CancellationToken cancellation) => Task.FromResult(new ConversationKey(Name, $"{place}/new"));

    public ConversationKey? Opened(ConversationKey conversation, string remoteId) =>
        conversation.Key.EndsWith("/new", StringComparison.Ordinal) ? conversation with { Key = conversation.Key[..^3] + remoteId } : null;

    /// <summary>Waits until a message with this key shows what is expected.</summary>
    public async Task<Posted> Shows(string key, Func<string, bool> content)
    {
        Posted? found = null;
        await pulse.Until(
            () => (found = Messages.Find(m => m.Key.StartsWith(key, StringComparison.Ordinal) && content(m.Content))) is not null,
            $"a message {key}… with the content that is expected");
        return found!;
    }

    public Task<Posted> Shows(string key, string content) => Shows(key, text => text == content);

    /// <summary>How often something was done with a message.</summary>
    public int Count(string what, string key) => Calls.Count(c => c.What == what && c.Key.StartsWith(key, StringComparison.Ordinal));

    private static IEnumerable<SurfaceMessage> Show(PromptView prompt)
    {
        yield return new SurfaceMessage { Key = $"prompt:{prompt.Id}", Content = string.Join(' ', new[] { prompt.State.ToString(), prompt.Answer, prompt.Cause }.Where(part => !string.IsNullOrEmpty(part))), Urgent = prompt.IsOver, Prompt = prompt.Id, ShowsProgress = true, Awaited = prompt.IsOver ? "answer" : null };
        foreach (var permission in prompt.Permissions)
        {
            yield return new SurfaceMessage
            {
                Key = $"permission:{permission.Id}", Urgent = true, Prompt = prompt.Id,
                Content = $"{permission.Call.Command}: {permission.Outcome?.Decision.ToString() ?? "open"} {permission.Outcome?.By?.Name ?? permission.Outcome?.Rule}".Trim(),
            };
        }
    }

    private Failing? Called(string what, ConversationKey conversation, SurfaceMessage message)
    {
        lock (_lock) _calls = _calls.Add(new SurfaceCall(what, conversation, message.Key, message.Content));
        return _failures.TryDequeue(out var failing) ? failing : null;
    }

    private sealed record Failing(SurfaceException Failure, bool Done);
}

public sealed record SurfaceCall(string What, ConversationKey Conversation, string Key, string Content);

public sealed record Posted(string Id, ConversationKey Conversation, string Key, string Content)
{
    public int Edits { get; init; }
}
