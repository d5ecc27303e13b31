namespace Bots.Engine.Surfaces;

/// <summary>What has to be done with a message.</summary>
internal enum MessageStep
{
    Nothing,

    /// <summary>Post it, or look whether it was.</summary>
    Post,

    Edit,
}

/// <summary>What is to be done about a message, from what is known of it. Pure.</summary>
internal static class MessageRules
{
    /// <summary>Whoever deletes the same message this often does not want it.</summary>
    private const int MostSuccessors = 3;

    public static MessageStep Step(SentMessage? sent, SurfaceMessage message) => sent switch
    {
        null or { State: SentState.Unsent or SentState.Sending } => MessageStep.Post,
        { State: SentState.Sent } when message.Editable && sent.Content != message.Content => MessageStep.Edit,
        { State: SentState.Rejected } when sent.Content != message.Content => sent.RemoteId is null ? MessageStep.Post : MessageStep.Edit,
        _ => MessageStep.Nothing,
    };

    /// <summary>
    /// The message under the key under which it stands, or is to be posted: its own, or another where it is gone and does not show yet what
    /// people wait for. Null when it is not shown any more.
    /// </summary>
    public static SurfaceMessage? Standing(SurfaceMessage message, IReadOnlyDictionary<string, SentMessage> sent)
    {
        for (var n = 1; n <= MostSuccessors; n++)
        {
            var key = n == 1 ? message.Key : $"{message.Key}+{n}";
            if (!sent.TryGetValue(key, out var there)) return n == 1 || message.Awaited is not null ? message with { Key = key } : null;
            if (there.State != SentState.Gone) return message with { Key = key };
            if ((message.Awaited is null || there.Answered == message.Awaited) && !sent.ContainsKey($"{message.Key}+{n + 1}")) return null;
        }

        return null;
    }

    /// <summary>What people should know of a message that showed how a prompt goes on and no longer can; null when it had shown all.</summary>
    /// <param name="lost">As it stood there last.</param>
    public static string? Remark(SentMessage lost, SurfaceMessage message, SurfaceOutcome outcome) => outcome switch
    {
        _ when lost.RemoteId is null || (message.Awaited is not null && lost.Answered == message.Awaited) => null,
        SurfaceOutcome.Gone => "My message here was deleted, so I show no more progress here; the answer comes as a new message.",
        SurfaceOutcome.Fixed => "My message here cannot be changed any more, so I show no more progress here; the answer comes as a new message.",
        _ => null,
    };
}
