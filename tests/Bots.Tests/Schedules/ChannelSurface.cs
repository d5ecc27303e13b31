using Bots.Engine;
using Bots.Engine.Sessions;
using Bots.Engine.Surfaces;

namespace Bots.Tests.Schedules;

/// <summary>A surface that can do nothing but open conversations.</summary>
internal sealed class ChannelSurface(string name) : ISurface
{
    public SurfaceException? Refusal { get; init; }

    public string Name => name;

    public TimeSpan EditInterval => throw new NotSupportedException();

    public Task<ConversationKey> NewConversation(string place, CancellationToken cancellation) =>
        Refusal is null ? Task.FromResult(new ConversationKey(name, $"T1/{place}/new")) : Task.FromException<ConversationKey>(Refusal);

    public IReadOnlyList<SurfaceMessage> Render(SessionView session, ConversationKey conversation, DateTimeOffset now) => throw new NotSupportedException();

    public SurfaceMessage Render(Notice notice) => throw new NotSupportedException();

    public Task<string> Post(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation) => throw new NotSupportedException();

    public Task Edit(ConversationKey conversation, string remoteId, SurfaceMessage message, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<string?> Find(ConversationKey conversation, SurfaceMessage message, CancellationToken cancellation) => throw new NotSupportedException();

    public ConversationKey? Opened(ConversationKey conversation, string remoteId) => throw new NotSupportedException();
}
